import { Decimal } from '../../../main/connect/api/decimal.ts';
import { isDateSchema } from '../../../main/connect/api/logical-types.ts';
import type { Schema, SchemaType } from '../../../main/connect/api/schema.ts';
import { SchemaBuilder } from '../../../main/connect/api/schema-builder.ts';
import { Struct } from '../../../main/connect/api/struct.ts';

/** Values and schemas as `tests/fixtures/java/ConnectOracle.java` writes them. */
export type TypedValue = readonly unknown[] | null;

export interface TypedSchema {
  type: SchemaType;
  items?: TypedSchema | null;
  keys?: TypedSchema | null;
  values?: TypedSchema | null;
  fields?: readonly (readonly [string, TypedSchema])[];
  optional?: boolean;
  name?: string;
  version?: number;
  doc?: string;
  parameters?: readonly (readonly [string, string])[];
  default?: TypedValue;
}

export function toSchema(typed: TypedSchema | null | undefined): Schema | null {
  if (!typed) return null;
  const builder = builderFor(typed);
  if (typed.optional) builder.optional();
  if (typed.name !== undefined) builder.name(typed.name);
  if (typed.version !== undefined) builder.version(typed.version);
  if (typed.doc !== undefined) builder.doc(typed.doc);
  for (const [name, value] of typed.parameters ?? []) builder.parameter(name, value);
  if (typed.default !== undefined) builder.defaultValue(toValue(typed.default));
  return builder.build();
}

function builderFor(typed: TypedSchema): SchemaBuilder {
  if (typed.type === 'ARRAY') return SchemaBuilder.array(toSchema(typed.items) as Schema);
  if (typed.type === 'MAP') return SchemaBuilder.map(toSchema(typed.keys) as Schema, toSchema(typed.values) as Schema);
  const builder = SchemaBuilder.type(typed.type);
  for (const [name, field] of typed.fields ?? []) builder.field(name, toSchema(field) as Schema);
  return builder;
}

export function fromSchema(schema: Schema | null): TypedSchema | null {
  if (schema === null) return null;
  const typed: TypedSchema = { type: schema.type };
  if (schema.type === 'ARRAY') typed.items = fromSchema(schema.valueSchemaOrNull);
  if (schema.type === 'MAP') {
    typed.keys = fromSchema(schema.keySchemaOrNull);
    typed.values = fromSchema(schema.valueSchemaOrNull);
  }
  if (schema.type === 'STRUCT')
    typed.fields = schema.fields.map((field) => [field.name, fromSchema(field.schema) as TypedSchema]);
  if (schema.optional) typed.optional = true;
  if (schema.name !== null) typed.name = schema.name;
  if (schema.version !== null) typed.version = schema.version;
  if (schema.doc !== null) typed.doc = schema.doc;
  if (schema.parameters !== null) typed.parameters = [...schema.parameters];
  if (schema.defaultValue !== null) typed.default = fromValue(schema, schema.defaultValue);
  return typed;
}

export function toValue(typed: TypedValue | undefined): unknown {
  if (!typed) return null;
  const [type, content, extra] = typed;
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'float64':
      return Number(content);
    case 'float32':
      return Math.fround(Number(content));
    case 'int64':
    case 'date':
      return BigInt(content as string);
    case 'boolean':
    case 'string':
      return content;
    case 'bytes':
      return Buffer.from(content as string, 'base64');
    case 'decimal':
      return new Decimal(BigInt(content as string), extra as number);
    case 'array':
      return (content as TypedValue[]).map(toValue);
    case 'map':
      return new Map((content as [TypedValue, TypedValue][]).map(([key, value]) => [toValue(key), toValue(value)]));
    case 'struct': {
      const struct = new Struct(toSchema(content as TypedSchema) as Schema);
      for (const [i, item] of (extra as TypedValue[]).entries()) {
        const field = struct.schema.fields[i];
        if (item !== null && field !== undefined) struct.put(field, toValue(item));
      }
      return struct;
    }
  }
  throw new Error(`unknown type ${type}`);
}

export function fromValue(schema: Schema | null, value: unknown): TypedValue {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'boolean':
      return ['boolean', value];
    case 'string':
      return ['string', value];
    case 'bigint':
      return [isDateSchema(schema) ? 'date' : 'int64', value.toString()];
    case 'number':
      return fromNumber(schema, value);
  }
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')];
  if (value instanceof Decimal) return ['decimal', value.unscaled.toString(), value.scale];
  if (Array.isArray(value)) {
    const items = schema?.type === 'ARRAY' ? schema.valueSchemaOrNull : null;
    return ['array', value.map((item) => fromValue(items, item))];
  }
  if (value instanceof Map) {
    const [keys, values] = schema?.type === 'MAP' ? [schema.keySchemaOrNull, schema.valueSchemaOrNull] : [null, null];
    const entries = [...value].map(([key, item]) => [fromValue(keys, key), fromValue(values, item)]);
    const sorted = entries
      .map((entry) => [JSON.stringify(entry[0]), entry] as const)
      .sort((a, b) => (a[0] < b[0] ? -1 : 1));
    return ['map', sorted.map(([, entry]) => entry)];
  }
  if (value instanceof Struct)
    return [
      'struct',
      fromSchema(value.schema),
      value.schema.fields.map((field) => fromValue(field.schema, value.getWithoutDefault(field))),
    ];
  return ['other', String(value)];
}

function fromNumber(schema: Schema | null, value: number): TypedValue {
  switch (schema?.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return [schema.type.toLowerCase(), value.toString()];
    case 'FLOAT32': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatBE(value);
      return ['float32', bytes.toString('hex')];
    }
    default: {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      return ['float64', bytes.toString('hex')];
    }
  }
}
