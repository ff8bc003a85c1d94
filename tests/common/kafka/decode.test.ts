import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, decodeText, trimPartialCharacter } from '../../../common/kafka/decode.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('decode', () => {
  test('tells a tombstone from an empty value', () => {
    expect(decode(null)).toEqual({ kind: 'null' });
    expect(decode(bytes())).toEqual({ kind: 'empty' });
    expect(decode(bytes(), 'string')).toEqual({ kind: 'empty' });
  });

  test('gives back the text of any well-formed string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(decode(utf8(text), 'string')).toEqual({ kind: 'text', text });
      }),
    );
  });

  test('keeps a byte order mark', () => {
    expect(decodeText(utf8('\ufeffa'))).toBe('\ufeffa');
  });

  test('reads JSON by itself, and text that only begins like JSON as text', () => {
    expect(decode(utf8('{"id":9223372036854775807}'))).toMatchObject({
      kind: 'json',
      node: { members: [{ name: 'id', value: { digits: '9223372036854775807' } }] },
    });
    expect(decode(utf8('[2026-11-23 10:42:18,177] WARN'))).toMatchObject({ kind: 'text' });
    expect(decode(utf8('42'))).toEqual({ kind: 'text', text: '42' });
  });

  test('says what is not JSON and where', () => {
    expect(decode(utf8('{"a":1'), 'json')).toMatchObject({
      kind: 'undecodable',
      tag: 'not JSON',
      reason: 'Not JSON: expected , or } at character 7',
      text: '{"a":1',
    });
    expect(decode(utf8('42'), 'json')).toMatchObject({ kind: 'json' });
  });

  test('guesses what bytes are that are no text', () => {
    expect(decode(bytes(0, 0, 0, 0, 42, 18, 80, 101))).toMatchObject({ guess: '8 bytes: as a long 705843301' });
    expect(decode(bytes(0, 0, 0, 0, 42, 18, 80, 101, 110))).toMatchObject({
      kind: 'undecodable',
      tag: 'not text',
      guess: 'starts like schema registry id 42',
    });
    expect(decode(bytes(0x1f, 0x8b, 8, 0, 0))).toMatchObject({ guess: 'starts like gzip' });
    expect(decode(bytes(0xff, 0x80, 0x81))).toMatchObject({ tag: 'not text', guess: undefined });
  });

  test('reads the numbers of Kafka’s deserializers and refuses other lengths', () => {
    expect(decode(bytes(0x7f, 255, 255, 255, 255, 255, 255, 255), 'long')).toEqual({
      kind: 'number',
      digits: '9223372036854775807',
    });
    expect(decode(bytes(255, 255, 255, 255), 'integer')).toEqual({ kind: 'number', digits: '-1' });
    expect(decode(bytes(1), 'long')).toMatchObject({ tag: 'not a long', reason: '1 byte instead of 8' });
    expect(decode(bytes(), 'double')).toMatchObject({ tag: 'not a double', reason: '0 bytes instead of 8' });
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('auto', 'json', 'string', 'long', 'bytes'), (value, format) => {
        expect(decode(value, format as 'auto')).toHaveProperty('kind');
      }),
    );
  });
});

describe('trimPartialCharacter', () => {
  test('makes every cut of a text decodable, losing at most the character that was split', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), (text, seed) => {
        const whole = utf8(text);
        const cut = whole.subarray(0, seed % (whole.length + 1));
        const trimmed = trimPartialCharacter(cut);
        expect(cut.length - trimmed.length).toBeLessThan(4);
        const decoded = decodeText(trimmed);
        expect(decoded).toBeDefined();
        expect(text.startsWith(decoded!)).toBe(true);
      }),
    );
  });
});
