import { DataException } from '../../../common/errors.ts';
import { Decimal } from '../api/decimal.ts';
import { javaClassOf } from '../api/java-class.ts';
import { javaFloat } from '../api/java-number.ts';
import { checkDepth, quote, writeArray, writeBytes, writeDouble, writeJson, writeMap } from '../api/json-writer.ts';
import { DATE, DECIMAL, dateToDays, decimalBytes, TIME, TIMESTAMP, timeToMillis } from '../api/logical-types.ts';
import type { Schema } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';
import { fieldLabels } from './json-struct-layout.ts';

export interface WriteOptions {
  decimalFormat: 'BASE64' | 'NUMERIC';
  replaceNullWithDefault: boolean;
}

/** A value of this schema as JSON. Java: `JsonConverter.convertToJson`. */
export function writeValue(schema: Schema | null, value: unknown, options: WriteOptions, depth = 0): string {
  if (schema === null) {
    if (value instanceof Struct) throw new DataException('Mismatching schema.');
    return writeJson(value);
  }
  if (value === null || value === undefined) return writeNull(schema, options, depth);
  if (schema.name !== null) {
    const logical = writeLogical(schema, value, options);
    if (logical !== undefined) return logical;
  }
  switch (schema.type) {
    case 'STRING':
      if (typeof value === 'string') return quote(value);
      break;
    case 'INT64':
      if (typeof value === 'bigint') return value.toString();
      break;
    case 'INT8':
    case 'INT16':
    case 'INT32':
      if (typeof value === 'number') return value.toString();
      break;
    case 'BOOLEAN':
      if (typeof value === 'boolean') return value ? 'true' : 'false';
      break;
    case 'FLOAT64':
      if (typeof value === 'number') return writeDouble(value);
      break;
    case 'FLOAT32':
      if (typeof value === 'number') return Number.isFinite(value) ? javaFloat(value) : writeDouble(value);
      break;
    case 'STRUCT':
      if (value instanceof Struct) return writeStruct(schema, value, options, depth);
      break;
    case 'BYTES':
      if (value instanceof Uint8Array) return writeBytes(value);
      throw new DataException(`Invalid type for bytes type: class ${javaClassOf(value, schema)}`);
    case 'ARRAY':
      if (!Array.isArray(value)) break;
      checkDepth(depth);
      return writeArray(value, (item, at) => writeValue(schema.valueSchema, item, options, at), depth);
    case 'MAP':
      if (!(value instanceof Map)) break;
      checkDepth(depth);
      return writeMap(
        value,
        (key, at) => writeValue(schema.keySchema, key, options, at),
        (item, at) => writeValue(schema.valueSchema, item, options, at),
        depth,
        schema.keySchema.type === 'STRING',
      );
  }
  throw new DataException(`Invalid type for ${schema.type}: class ${javaClassOf(value, schema)}`);
}

function writeNull(schema: Schema, options: WriteOptions, depth: number): string {
  if (schema.defaultValue !== null && options.replaceNullWithDefault)
    return writeValue(schema, schema.defaultValue, options, depth);
  if (schema.optional) return 'null';
  throw new DataException('Conversion error: null value for field that is required and has no default value');
}

function writeStruct(schema: Schema, struct: Struct, options: WriteOptions, depth: number): string {
  if (!struct.schema.equals(schema)) throw new DataException('Mismatching schema.');
  checkDepth(depth);
  const { fields } = schema;
  const labels = fieldLabels(schema);
  if (fields.length === 0) return '{}';
  let json = '';
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as (typeof fields)[number];
    json += (labels[i] as string) + writeValue(field.schema, struct.getWithoutDefault(field), options, depth + 1);
  }
  return `${json}}`;
}

/** Undefined when the name is none of the logical types'. */
function writeLogical(schema: Schema, value: unknown, options: WriteOptions): string | undefined {
  switch (schema.name) {
    case DECIMAL:
      if (!(value instanceof Decimal))
        throw new DataException(
          `Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value, schema)}`,
        );
      return options.decimalFormat === 'NUMERIC' ? value.toString() : writeBytes(decimalBytes(schema, value));
    case DATE:
      return String(dateToDays(instant(schema, value, 'Date')));
    case TIME:
      return String(timeToMillis(instant(schema, value, 'Time')));
    case TIMESTAMP:
      return instant(schema, value, 'Timestamp').toString();
  }
  return undefined;
}

function instant(schema: Schema, value: unknown, type: string): bigint {
  if (typeof value === 'bigint') return value;
  throw new DataException(`Invalid type for ${type}, expected Date but was class ${javaClassOf(value, schema)}`);
}
