import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonPreview } from '../../../common/kafka/json-preview.ts';
import { parseJson } from '../../../common/kafka/json-tree.ts';

const preview = (json: string, limit = 1_000) => jsonPreview(parseJson(json), limit);

describe('jsonPreview', () => {
  test('puts the longest text of several words first and keeps the order of the rest', () => {
    expect(
      preview('{"id":2125134506649896872,"user":{"name":"mia","n":1.0},"text":"Sunrise over the Main","lang":"en"}'),
    ).toBe('{"text":"Sunrise over the Main","id":2125134506649896872,"user":{"name":"mia","n":1.0},"lang":"en"}');
  });

  test('knows texts of scripts without spaces', () => {
    expect(preview('{"id":1,"text":"法兰克福的早晨"}')).toBe('{"text":"法兰克福的早晨","id":1}');
  });

  test('leaves alone what has no such text, or has it first', () => {
    expect(preview('{"id":1,"name":"mia"}')).toBeUndefined();
    expect(preview('{"text":"a b c","id":1}')).toBeUndefined();
    expect(preview('["a b c"]')).toBeUndefined();
  });

  test('ends near the limit, whatever the size and the depth', () => {
    const long = `{"id":1,"text":"${'word '.repeat(5_000)}","deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    expect(preview(long, 100)!.length).toBeLessThan(150);
    const deep = `{"deep":${'['.repeat(50)}1${']'.repeat(50)},"text":"a b c"}`;
    expect(preview(deep)).toBe('{"text":"a b c","deep":[[[[[[[[…]]]]]]]]}');
  });

  test('is the same document when nothing is left out', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (rest) => {
        const value = { ...rest, words: 'a few words that tell' };
        const shown = preview(JSON.stringify(value), 1e6);
        if (shown !== undefined) expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
