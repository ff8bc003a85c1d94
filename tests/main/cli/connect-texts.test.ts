import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertiesText } from '../../../common/connect/properties-text.ts';
import { parseAnswer, writeAnswer } from '../../../main/cli/connect/connect-answer.ts';
import { parseOffsetArguments } from '../../../main/cli/connect/offset-changes.ts';
import { styleFor } from '../../../main/cli/output/style.ts';
import { aligned, visible } from '../../../main/cli/output/table.ts';
import { parseConnectorFile } from '../../../main/connect/connector-files.ts';

/** Anything, with what has a meaning somewhere more often than by chance. */
const special = fc.constantFrom(...':=#! \\\n\r\t\f"{}\u001b\u202e');
const text = fc.string({ unit: fc.oneof(special, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })) });

test('a configuration written as properties is read back as it was, whatever stands in it', () => {
  const key = text.filter((it) => it !== '' && it !== 'name' && it !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(key, text), (entries) => {
      const config = { ...entries, name: 'n' };
      const written = propertiesText([['name', 'n'], ...Object.entries(entries)]);
      expect(written).toMatch(/^[\x20-\x7e\n]*$/);
      expect({ ...parseConnectorFile('f', written).config }).toEqual(config);
    }),
  );
});

test('numbers of an answer keep every digit on their way through', () => {
  const number = fc.oneof(
    fc.bigInt().map(String),
    fc.constantFrom('1.0', '-0', '1e400', '9007199254740993', '1E5', '0.1000', '9223372036854775807'),
  );
  fc.assert(
    fc.property(fc.array(number), text, (numbers, word) => {
      const json = `{"a":[${numbers.join(',')}],"b":${JSON.stringify(word)},"__proto__":null}`;
      expect(writeAnswer(parseAnswer(json))).toBe(json);
    }),
  );
});

test('any two JSON objects make an offset, wherever an equals sign stands in them', () => {
  const object = fc.dictionary(
    text.filter((it) => it !== '__proto__'),
    fc.oneof(text, fc.maxSafeInteger(), fc.boolean()),
  );
  fc.assert(
    fc.property(object, fc.option(object), (partition, offset) => {
      const argument = `${JSON.stringify(partition)}=${JSON.stringify(offset)}`;
      expect(writeAnswer(parseOffsetArguments([argument]))).toBe(JSON.stringify([{ partition, offset }]));
    }),
  );
});

test('a table shows what is in its cells, and nothing in them moves the cursor', () => {
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const lines = aligned(rows, styleFor(false, {}));
      expect(lines.length).toBe(rows.length);
      lines.forEach((line, i) => {
        expect(line).not.toMatch(/\p{Cc}/u);
        expect(line.startsWith(visible(rows[i]?.[0] as string).trimEnd())).toBe(true);
      });
    }),
  );
});
