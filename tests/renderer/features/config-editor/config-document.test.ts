import fc from 'fast-check';
import { Properties } from 'properties-file/parser';
import { expect, test } from 'vitest';
import {
  addStage,
  aliasesOf,
  keysOf,
  moveStage,
  removeStage,
  renameStage,
} from '../../../../renderer/features/config-editor/chain.ts';
import {
  type ConfigDocument,
  configOf,
  documentOf,
  EMPTY_DOCUMENT,
  entriesOf,
  fromProperties,
  removeKey,
  setValue,
  toProperties,
  valueIn,
  withEntries,
} from '../../../../renderer/features/config-editor/config-document.ts';
import { fromJson, toJson } from '../../../../renderer/features/config-editor/config-json.ts';
import { VALIDATE_CASES } from '../../../kit/connect-validate/cases.ts';

const special = fc.constantFrom(...':=#!, \\\n\r\t\f"{}$.\u001b\u202e\u2028');
const text = fc.string({ unit: fc.oneof(special, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })) });
const entries = fc
  .uniqueArray(fc.tuple(text, text), { selector: ([key]) => key })
  .map((all) => all.filter(([key]) => key !== ''));
/** Texts of files: entries in many spellings, comments, blank and continued lines. */
const line = fc.oneof(
  fc.constantFrom(
    '# a comment\\',
    '! another',
    '',
    '   ',
    'a',
    'a=',
    'a : b',
    'a\\\n   b=c\\\n',
    'name=x',
    'k=\\u00e4',
  ),
  fc.tuple(text, text).map(([key, value]) => `${key.replace(/[\r\n]/g, '')}=${value.replace(/[\r\n\\]/g, '')}`),
);
const file = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))).map((all) => all.flat().join(''));

/** Configurations that Kafka Connect was asked to validate. */
const REAL = VALIDATE_CASES.map(({ config }) =>
  Object.entries(config).map(([key, value]): [string, string] => [key, String(value)]),
);
const comments = ({ lines }: ConfigDocument) =>
  lines.filter(({ kind }) => kind === 'other').map(({ raw }) => raw.trim());

test('a properties file goes through the document as it is, and is read as the worker reads it', () => {
  fc.assert(
    fc.property(file, (written) => {
      const document = fromProperties(written);
      expect(toProperties(document)).toBe(written);
      const read = new Map(new Properties(written).getProperties().map(({ key, value }) => [key, value]));
      expect(new Map(entriesOf(document))).toEqual(read);
    }),
  );
});

test('hundreds of real configurations and random ones are the same in both views, order included', () => {
  const same = (all: [string, string][]) => {
    const document = documentOf(all);
    expect(entriesOf(document)).toEqual(all);
    expect(entriesOf(fromProperties(toProperties(document)))).toEqual(all);
    expect(fromJson(toJson(document), document)).toEqual(document);
    const named = all.filter(([key]) => key === 'name');
    const rest = all.filter(([key]) => key !== 'name');
    expect(entriesOf(fromJson(toJson(document), EMPTY_DOCUMENT))).toEqual([...named, ...rest]);
  };
  expect(REAL.length).toBeGreaterThan(150);
  for (const one of REAL) same(one);
  fc.assert(fc.property(entries, same));
});

test('a look at the JSON view changes nothing in a file with comments, and a change there keeps them all', () => {
  fc.assert(
    fc.property(file, text, text, (written, key, value) => {
      fc.pre(key !== '' && key !== 'name');
      const document = fromProperties(written);
      expect(fromJson(toJson(document), document)).toEqual(document);
      const changed = fromJson(toJson(setValue(document, key, value)), document);
      expect(valueIn(changed, key)).toBe(value);
      expect(comments(changed)).toEqual(comments(document));
      expect(entriesOf(fromProperties(toProperties(changed)))).toEqual(entriesOf(changed));
    }),
  );
});

test('setting a key changes no other line; removing it leaves the rest', () => {
  fc.assert(
    fc.property(file, text, text, (written, key, value) => {
      fc.pre(key !== '');
      const before = fromProperties(written);
      const set = setValue(before, key, value);
      expect(configOf(fromProperties(toProperties(set)))).toEqual({ ...configOf(before), [key]: value });
      const gone = removeKey(set, key);
      expect(entriesOf(gone)).toEqual(entriesOf(before).filter(([other]) => other !== key));
      expect(comments(gone)).toEqual(comments(before));
    }),
  );
});

test('entries in any other order keep their lines and comments', () => {
  const document = fromProperties('# one\na = 1\n# two\nb:2\n\nc 3\n# end');
  const mixed = withEntries(document, [
    ['c', '3'],
    ['a', '1'],
  ]);
  expect(toProperties(mixed)).toBe('# two\n\nc 3\n# one\na = 1\n# end');
});

test('JSON of Connect is taken in each of its forms, and what stands beside the configuration stays', () => {
  const text =
    '{"name": "x", "initial_state": "PAUSED", "config": {"big": 12345678901234567890, "on": true}, "n": 1.0}';
  const document = fromJson(text, EMPTY_DOCUMENT);
  expect(entriesOf(document)).toEqual([
    ['name', 'x'],
    ['big', '12345678901234567890'],
    ['on', 'true'],
  ]);
  expect(JSON.parse(toJson(document))).toMatchObject({ initial_state: 'PAUSED', n: 1 });
  expect(toJson(document)).toContain('"n": 1.0');
  expect(entriesOf(fromJson('{"name": "x", "connector.class": "y"}', EMPTY_DOCUMENT))).toHaveLength(2);
  expect(() => fromJson('{"name": "x", "config": {"a": null}}', EMPTY_DOCUMENT)).toThrow('must be text');
  expect(() => fromJson('{"name": "x", "config": {"name": "y"}}', EMPTY_DOCUMENT)).toThrow("doesn't match");
  expect(() => fromJson('[]', EMPTY_DOCUMENT)).toThrow('JSON object');
});

test('the chain: added, moved, renamed and removed with all its keys, and with the predicates that are named', () => {
  const T = 'org.apache.kafka.connect.transforms';
  let document = addStage(documentOf([['name', 'x']]), 'transforms', `${T}.Cast$Value`);
  document = addStage(document, 'transforms', `${T}.Cast$Key`);
  document = addStage(document, 'predicates', `${T}.predicates.RecordIsTombstone`);
  document = setValue(document, 'transforms.cast.predicate', 'recordIsTombstone');
  expect(aliasesOf(document, 'transforms')).toEqual(['cast', 'cast2']);
  expect(aliasesOf(moveStage(document, 'transforms', 'cast2', -1), 'transforms')).toEqual(['cast2', 'cast']);
  expect(moveStage(document, 'transforms', 'cast', -1)).toBe(document);
  const renamed = renameStage(document, 'predicates', 'recordIsTombstone', 'empty');
  expect(configOf(renamed)).toMatchObject({
    predicates: 'empty',
    'predicates.empty.type': `${T}.predicates.RecordIsTombstone`,
    'transforms.cast.predicate': 'empty',
  });
  expect(configOf(renameStage(renamed, 'predicates', 'empty', 'recordIsTombstone'))).toEqual(configOf(document));
  const less = removeStage(removeStage(document, 'transforms', 'cast'), 'transforms', 'cast2');
  expect(Object.keys(configOf(less))).toEqual(['name', 'predicates', 'predicates.recordIsTombstone.type']);
});

test('a stage whose alias begins like another one keeps its keys to itself', () => {
  const document = fromProperties('transforms=a,a.b\ntransforms.a.type=X\ntransforms.a.b.type=Y\n');
  expect(keysOf(document, 'transforms', 'a')).toEqual(['transforms.a.type']);
  expect(configOf(renameStage(document, 'transforms', 'a', 'z'))).toEqual({
    transforms: 'z,a.b',
    'transforms.z.type': 'X',
    'transforms.a.b.type': 'Y',
  });
});
