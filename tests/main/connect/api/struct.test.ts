import { describe, expect, test } from 'vitest';
import { DataException, SchemaBuilderException } from '../../../../common/errors.ts';
import { Decimal } from '../../../../main/connect/api/decimal.ts';
import { DATE_SCHEMA, decimalBuilder, TIMESTAMP_SCHEMA } from '../../../../main/connect/api/logical-types.ts';
import { Schema } from '../../../../main/connect/api/schema.ts';
import { SchemaBuilder } from '../../../../main/connect/api/schema-builder.ts';
import { validateValue } from '../../../../main/connect/api/schema-validation.ts';
import { Struct } from '../../../../main/connect/api/struct.ts';

const USER = SchemaBuilder.struct().name('User').field('name', Schema.OPTIONAL_STRING_SCHEMA).build();
const TWEET = SchemaBuilder.struct()
  .name('Tweet')
  .field('id', Schema.INT64_SCHEMA)
  .field('user', USER)
  .field('tags', SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build())
  .field('lang', SchemaBuilder.string().optional().defaultValue('en').build())
  .build();

describe('Struct', () => {
  test('prints like Java, int64 digit for digit, fields without a value left out', () => {
    const struct = new Struct(TWEET).put('id', 968476484095610881n).put('user', new Struct(USER).put('name', 'Jane'));
    expect(String(struct)).toBe('Struct{id=968476484095610881,user=Struct{name=Jane}}');
    expect(String(struct.put('tags', ['a', 'b']))).toBe(
      'Struct{id=968476484095610881,user=Struct{name=Jane},tags=[a, b]}',
    );
  });

  test('gives the default where nothing was put, unless it is asked not to', () => {
    const struct = new Struct(TWEET);
    expect(struct.get('lang')).toBe('en');
    expect(struct.getWithoutDefault('lang')).toBeNull();
    expect(struct.getChecked('lang', 'STRING')).toBeNull();
  });

  test.each([
    ['nope', 1n, 'nope is not a valid field name'],
    ['id', null, 'Invalid value: null used for required field: "id", schema type: INT64'],
    ['id', 2n ** 63n, 'Invalid Java object for schema with type INT64: class java.lang.Long for field: "id"'],
    ['id', 1, 'Invalid Java object for schema with type INT64: class java.lang.Double for field: "id"'],
    ['user', new Struct(TWEET), 'Struct schemas do not match.'],
    ['tags', ['a', null], 'Invalid value: null used for required element of array field: "tags", schema type: STRING'],
    ['tags', 'a', 'Invalid Java object for schema with type ARRAY: class java.lang.String for field: "tags"'],
    ['tags', undefined, undefined],
  ])('put %s = %s', (field, value, message) => {
    const put = () => new Struct(TWEET).put(field, value);
    if (message === undefined) expect(put().get(field)).toBeNull();
    else expect(put).toThrow(new DataException(message));
  });

  test('validate names the first required field that is missing', () => {
    expect(() => new Struct(TWEET).validate()).toThrow('null used for required field: "id"');
    expect(() => new Struct(Schema.STRING_SCHEMA)).toThrow('Not a struct schema: Schema{STRING}');
    expect(() => new Struct(TWEET).getChecked('id', 'STRING')).toThrow("Field 'id' is not of type STRING");
  });

  test('is equal by schema and values, bytes and maps included', () => {
    const schema = SchemaBuilder.struct()
      .field('bytes', Schema.BYTES_SCHEMA)
      .field('map', SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT64_SCHEMA).build())
      .field('decimal', decimalBuilder(2).build())
      .build();
    const make = (order: [string, bigint][]) =>
      new Struct(schema)
        .put('bytes', Uint8Array.of(1, 2))
        .put('map', new Map(order))
        .put('decimal', new Decimal(1n, 2));
    const one = make([
      ['a', 1n],
      ['b', 2n],
    ]);
    const same = make([
      ['b', 2n],
      ['a', 1n],
    ]);
    expect(one.equals(same)).toBe(true);
    expect(one.equals(same.put('decimal', new Decimal(10n, 3)))).toBe(false);
    expect(new Struct(TWEET).equals(one)).toBe(false);
  });

  test('a field called __proto__ is a field', () => {
    const schema = SchemaBuilder.struct().field('__proto__', Schema.STRING_SCHEMA).build();
    expect(new Struct(schema).put('__proto__', 'x').get('__proto__')).toBe('x');
  });
});

describe('schemas', () => {
  test('are equal when every attribute is', () => {
    const make = () =>
      SchemaBuilder.struct().name('S').version(1).doc('d').parameter('p', 'q').field('a', USER).build();
    expect(make().equals(make())).toBe(true);
    expect(
      make().equals(SchemaBuilder.struct().name('S').version(2).doc('d').parameter('p', 'q').field('a', USER).build()),
    ).toBe(false);
    expect(Schema.STRING_SCHEMA.equals(Schema.OPTIONAL_STRING_SCHEMA)).toBe(false);
    expect(TIMESTAMP_SCHEMA.equals(DATE_SCHEMA)).toBe(false);
    expect(Schema.STRING_SCHEMA.equals(null)).toBe(false);
  });

  test('refuse in Connect’s words what they are not', () => {
    expect(() => Schema.STRING_SCHEMA.fields).toThrow('Cannot list fields on non-struct type');
    expect(() => Schema.STRING_SCHEMA.field('a')).toThrow('Cannot look up fields on non-struct type');
    expect(() => Schema.STRING_SCHEMA.keySchema).toThrow('Cannot look up key schema on non-map type');
    expect(() => Schema.STRING_SCHEMA.valueSchema).toThrow('Cannot look up value schema on non-array and non-map type');
  });

  test.each([
    [() => SchemaBuilder.string().name('a').name('b'), 'Invalid SchemaBuilder call: name has already been set.'],
    [() => SchemaBuilder.string().optional().required(), 'Invalid SchemaBuilder call: optional has already been set.'],
    [() => SchemaBuilder.int8().defaultValue(300), 'Invalid default value'],
    [() => SchemaBuilder.int8().field('a', USER), 'Cannot create fields on type INT8'],
    [
      () => SchemaBuilder.struct().field('a', USER).field('a', USER),
      'Cannot create field because of field name duplication a',
    ],
  ])('a builder refuses %s', (build, message) => {
    expect(build).toThrow(new SchemaBuilderException(message));
  });

  test('NaN, a fraction and undefined are no integers', () => {
    for (const value of [Number.NaN, 1.5, 2 ** 31, '1', 1n])
      expect(() => validateValue(Schema.INT32_SCHEMA, value)).toThrow(DataException);
    expect(() => validateValue(Schema.INT32_SCHEMA, undefined)).toThrow('null used for required value');
    expect(() => validateValue(TIMESTAMP_SCHEMA, new Date(0))).toThrow(DataException);
  });
});
