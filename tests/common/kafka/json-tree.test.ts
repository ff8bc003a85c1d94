import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonNode, JsonSyntaxException, parseJson } from '../../../common/kafka/json-tree.ts';

/** Writes a tree back as text, so that what was parsed can be compared with its source. */
function write(node: JsonNode): string {
  switch (node.type) {
    case 'object':
      return `{${node.members.map(({ name, value }) => `${JSON.stringify(name)}:${write(value)}`).join(',')}}`;
    case 'array':
      return `[${node.elements.map(write).join(',')}]`;
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.digits;
    case 'constant':
      return String(node.value);
  }
}

describe('parseJson', () => {
  test('keeps the digits of numbers that no double holds', () => {
    for (const digits of ['9223372036854775807', '-9223372036854775808', '1.0', '-0', '1E400', '0.1000']) {
      expect(parseJson(`[${digits}]`)).toEqual({ type: 'array', elements: [{ type: 'number', digits }] });
    }
  });

  test('keeps order and repeated names', () => {
    expect(parseJson('{"b":1,"a":2,"b":3,"__proto__":4}')).toMatchObject({
      members: [{ name: 'b' }, { name: 'a' }, { name: 'b' }, { name: '__proto__' }],
    });
  });

  test('reads what JSON.stringify writes, to the same text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(write(parseJson(text))).toBe(text);
      }),
    );
  });

  test('reads white space anywhere between tokens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(write(parseJson(`\r\n\t ${JSON.stringify(value, null, 3)} \n`))).toBe(JSON.stringify(value));
      }),
    );
  });

  test('keeps any integer', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(write(parseJson(`{"id":${value}}`))).toBe(`{"id":${value}}`);
      }),
    );
  });

  test('accepts exactly what JSON.parse accepts', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[{}[\],:"\\truefalsn0-9.eE+ -]{0,12}$/),
      fc.json().chain((json) => fc.nat(json.length).map((at) => json.slice(0, at) + json.slice(at + 1))),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const valid = accepts(() => JSON.parse(candidate));
        expect(accepts(() => parseJson(candidate))).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  test('says where it went wrong', () => {
    expect(() => parseJson('{"a":1 "b":2}')).toThrow('Not JSON: expected , or } at character 8');
    expect(() => parseJson('')).toThrow('Not JSON: the text ends too early at character 1');
    expect(() => parseJson('{"a":01}')).toThrow(JsonSyntaxException);
    expect(() => parseJson('"\u0001"')).toThrow('control character');
  });

  test('does not break on a million brackets', () => {
    let depth = 0;
    let node = parseJson('['.repeat(1e6) + ']'.repeat(1e6));
    while (node.type === 'array' && node.elements[0]) {
      node = node.elements[0];
      depth++;
    }
    expect(depth).toBe(1e6 - 1);
  });
});

function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
