import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonTokens } from '../../../common/kafka/json-tokens.ts';

const line = (text: string, limit?: number) =>
  jsonTokens(text, limit)
    .map((token) => token.text)
    .join('');

describe('jsonTokens', () => {
  test('writes a line without the quotes of names', () => {
    expect(line('{ "id" : 1860243019874467466,\n "lang":"de", "geo":null, "a":[1,true] }')).toBe(
      '{id:1860243019874467466, lang:"de", geo:null, a:[1, true]}',
    );
  });

  test('tells a name from a string and a number from a constant', () => {
    expect(jsonTokens('{"a":"b","c":-1.50,"d":false}').map((token) => token.kind)).toEqual([
      'punctuation',
      'name',
      'punctuation',
      'string',
      'punctuation',
      'name',
      'punctuation',
      'number',
      'punctuation',
      'name',
      'punctuation',
      'constant',
      'punctuation',
    ]);
  });

  test('keeps escapes and takes a text that is cut anywhere', () => {
    expect(line('{"a":"x\\"y')).toBe('{a:"x\\"y');
    expect(line('{"text":"long text"}', 12)).toBe('{text:"lon');
  });

  test('keeps every digit of every integer', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(line(`{"v":${value}}`)).toBe(`{v:${value}}`);
      }),
    );
  });

  test('never fails and loses nothing but white space and quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const kept = (value: string) => value.replace(/[\s"]/gu, '');
        expect(kept(line(text))).toBe(kept(text));
      }),
    );
  });
});
