import { describe, expect, test } from 'vitest';
import { DataException } from '../../../../common/errors.ts';
import { Schema } from '../../../../main/connect/api/schema.ts';
import { SchemaBuilder } from '../../../../main/connect/api/schema-builder.ts';
import { Struct } from '../../../../main/connect/api/struct.ts';
import { jsonConverter } from '../../../../main/connect/converters/json-converter.ts';

const SCHEMA = SchemaBuilder.struct()
  .name('Tweet')
  .field('id', Schema.INT64_SCHEMA)
  .field('text', Schema.OPTIONAL_STRING_SCHEMA)
  .build();

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

describe('JsonConverter', () => {
  test('an envelope that it wrote reads back equal, the first time and when the schema is known', () => {
    const writer = jsonConverter.create({}, false);
    const reader = jsonConverter.create({}, false);
    for (let i = 0n; i < 3n; i++) {
      const struct = new Struct(SCHEMA).put('id', 968476484095610880n + i).put('text', i === 1n ? null : 'ü😀"');
      const { schema, value } = reader.toConnectData('t', writer.fromConnectData('t', SCHEMA, struct));
      expect(SCHEMA.equals(schema)).toBe(true);
      expect(struct.equals(value)).toBe(true);
    }
  });

  test('the same schema is the same object each time, so that those after it can keep what they made of it', () => {
    const writer = jsonConverter.create({}, false);
    const reader = jsonConverter.create({}, false);
    const read = (schema: Schema, value: unknown) =>
      reader.toConnectData('t', writer.fromConnectData('t', schema, value)).schema;
    const first = read(SCHEMA, new Struct(SCHEMA).put('id', 1n));
    expect(read(Schema.STRING_SCHEMA, 'x')).not.toBe(first);
    expect(read(SCHEMA, new Struct(SCHEMA).put('id', 2n))).toBe(first);
  });

  test('at most schemas.cache.size schemas are kept', () => {
    const reader = jsonConverter.create({ 'schemas.cache.size': '2' }, false);
    const read = (name: string) =>
      reader.toConnectData('t', bytes(`{"schema":{"type":"string","name":"${name}"},"payload":"x"}`)).schema;
    const a = read('a');
    read('b');
    expect(read('a')).toBe(a);
    read('c');
    read('d');
    expect(read('a')).not.toBe(a);
  });

  test('after a known schema comes anything at all, and it is read as if it were new', () => {
    const reader = jsonConverter.create({}, false);
    const head = '{"schema":{"type":"int64"},"payload":';
    expect(reader.toConnectData('t', bytes(`${head}1}`)).value).toBe(1n);
    expect(reader.toConnectData('t', bytes(`${head}2 } `)).value).toBe(2n);
    expect(() => reader.toConnectData('t', bytes(`${head}1,"more":2}`))).toThrow(/may not contain additional fields/);
    expect(() => reader.toConnectData('t', bytes(`${head}`))).toThrow(DataException);
    expect(() => reader.toConnectData('t', bytes(`${head}1`))).toThrow(DataException);
    expect(reader.toConnectData('t', bytes('{"payload":3,"schema":{"type":"int64"}}')).value).toBe(3n);
    expect(reader.toConnectData('t', bytes('{ "schema" : {"type":"int64"}, "payload": 4 }')).value).toBe(4n);
  });

  test('an error keeps its cause, names the class that Connect throws and quotes nothing', () => {
    const plain = jsonConverter.create({ 'schemas.enable': 'false' }, false);
    const read = () => plain.toConnectData('t', bytes('{"token":"s3cr3t"'));
    expect(read).toThrow(
      expect.objectContaining({
        javaClass: 'org.apache.kafka.connect.errors.DataException',
        message:
          'Converting byte[] to Kafka Connect data failed due to serialization error: The JSON text ends too early, at character 18',
      }),
    );
    expect(read).not.toThrow(/s3cr3t/);
  });

  test.each([
    ['null', null],
    ['', null],
    ['"x"', 'x'],
  ])('plain %j is %j', (json, value) => {
    const plain = jsonConverter.create({ 'schemas.enable': 'false' }, false);
    expect(plain.toConnectData('t', bytes(json))).toEqual({ schema: null, value });
  });

  test('a wrong option is refused by its name', () => {
    expect(() => jsonConverter.create({ 'schemas.enable': 'maybe' }, false)).toThrow(
      'Invalid value maybe for configuration schemas.enable: Expected value to be either true or false',
    );
    expect(() => jsonConverter.create({ 'decimal.format': 'hex' }, false)).toThrow(/NUMERIC, BASE64/);
    expect(() => jsonConverter.create({ 'schema.content': '{' }, true)).toThrow(/Failed to parse schema/);
  });
});
