import { DataException } from '../../../common/errors.ts';
import { quote } from '../api/json-writer.ts';
import type { Schema, SchemaType } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { type ReadOptions, readValue } from './json-value-reader.ts';
import { type WriteOptions, writeValue } from './json-value-writer.ts';

const TYPE_NAMES: Readonly<Record<SchemaType, string>> = {
  BOOLEAN: 'boolean',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT32: 'float',
  FLOAT64: 'double',
  BYTES: 'bytes',
  STRING: 'string',
  ARRAY: 'array',
  MAP: 'map',
  STRUCT: 'struct',
};

const TYPES: ReadonlyMap<string, SchemaType> = new Map(
  Object.entries(TYPE_NAMES).map(([type, name]) => [name, type as SchemaType]),
);

/** A schema as JsonConverter writes it in front of each value. Java: `JsonConverter.asJsonSchema`. */
export function schemaToJson(schema: Schema, options: WriteOptions, fieldName?: string): string {
  const members = [`"type":"${TYPE_NAMES[schema.type]}"`];
  switch (schema.type) {
    case 'ARRAY':
      members.push(`"items":${schemaToJson(schema.valueSchema, options)}`);
      break;
    case 'MAP':
      members.push(`"keys":${schemaToJson(schema.keySchema, options)}`);
      members.push(`"values":${schemaToJson(schema.valueSchema, options)}`);
      break;
    case 'STRUCT':
      members.push(`"fields":[${schema.fields.map((it) => schemaToJson(it.schema, options, it.name)).join(',')}]`);
      break;
  }
  members.push(`"optional":${schema.optional}`);
  if (schema.name !== null) members.push(`"name":${quote(schema.name)}`);
  if (schema.version !== null) members.push(`"version":${schema.version}`);
  if (schema.doc !== null) members.push(`"doc":${quote(schema.doc)}`);
  if (schema.parameters !== null) {
    const parameters = [...schema.parameters].map(([name, value]) => `${quote(name)}:${quote(value)}`);
    members.push(`"parameters":{${parameters.join(',')}}`);
  }
  if (schema.defaultValue !== null) members.push(`"default":${writeValue(schema, schema.defaultValue, options)}`);
  if (fieldName !== undefined) members.push(`"field":${quote(fieldName)}`);
  return `{${members.join(',')}}`;
}

/**
 * The schema that a JSON value (read exactly) describes; null for null. Throws DataException in Connect's words. Java:
 * `JsonConverter.asConnectSchema`.
 */
export function schemaFromJson(json: unknown, options: ReadOptions): Schema | null {
  if (json === null) return null;
  const members = json instanceof Map ? (json as ReadonlyMap<string, unknown>) : new Map<string, unknown>();
  const typeName = members.get('type');
  if (typeof typeName !== 'string') throw new DataException("Schema must contain 'type' field");
  const type = TYPES.get(typeName);
  if (type === undefined) throw new DataException(`Unknown schema type: ${typeName}`);
  const builder = withParts(type, members, options);
  if (members.get('optional') === true) builder.optional();
  else builder.required();
  const name = members.get('name');
  if (typeof name === 'string') builder.name(name);
  const version = members.get('version');
  if (typeof version === 'bigint') builder.version(Number(BigInt.asIntN(32, version)));
  const doc = members.get('doc');
  if (typeof doc === 'string') builder.doc(doc);
  const parameters = members.get('parameters');
  if (parameters instanceof Map)
    for (const [key, value] of parameters) {
      if (typeof value !== 'string') throw new DataException('Schema parameters must have string values.');
      builder.parameter(key, value);
    }
  const defaultValue = members.get('default');
  if (defaultValue !== undefined) builder.defaultValue(readValue(builder.build(), defaultValue, options));
  return builder.build();
}

function withParts(type: SchemaType, members: ReadonlyMap<string, unknown>, options: ReadOptions): SchemaBuilder {
  switch (type) {
    case 'ARRAY':
      return SchemaBuilder.array(part(members.get('items'), 'Array schema did not specify the element type', options));
    case 'MAP':
      return SchemaBuilder.map(
        part(members.get('keys'), 'Map schema did not specify the key type', options),
        part(members.get('values'), 'Map schema did not specify the value type', options),
      );
    case 'STRUCT': {
      const fields = members.get('fields');
      if (!Array.isArray(fields)) throw new DataException('Struct schema\'s "fields" argument is not an array.');
      const builder = SchemaBuilder.struct();
      for (const field of fields) {
        const name = field instanceof Map ? field.get('field') : undefined;
        if (typeof name !== 'string') throw new DataException("Struct schema's field name not specified properly");
        builder.field(name, part(field, `fieldSchema for field ${name} cannot be null.`, options));
      }
      return builder;
    }
    default:
      return SchemaBuilder.type(type);
  }
}

function part(json: unknown, missing: string, options: ReadOptions): Schema {
  const schema = json === undefined ? null : schemaFromJson(json, options);
  if (schema === null) throw new DataException(missing);
  return schema;
}
