import { DataException } from '../../../common/errors.ts';
import { Decimal } from '../api/decimal.ts';
import { DATE, DECIMAL, MS_PER_DAY, scaleOf, TIME, TIMESTAMP } from '../api/logical-types.ts';
import type { Schema } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';

export interface ReadOptions {
  replaceNullWithDefault: boolean;
}

/**
 * The value of this schema that a JSON value, read exactly (`parseExactJson`), stands for. Java:
 * `JsonConverter.convertToConnect`, except that JSON of another type than the schema's, or a number out of its range,
 * is a DataException that names the field: Connect makes 44 of an int8 300, 0 of "5", null of a number for a string.
 */
export function readValue(schema: Schema | null, json: unknown, options: ReadOptions, field?: string): unknown {
  if (schema === null) return readSchemaless(json, field);
  if (json === null || json === undefined) {
    if (schema.defaultValue !== null && options.replaceNullWithDefault) return schema.defaultValue;
    if (schema.optional) return null;
    throw new DataException(`Invalid null value for required ${schema.type} field${field ? ` "${field}"` : ''}`);
  }
  if (schema.name !== null) {
    const logical = readLogical(schema, json, field);
    if (logical !== undefined) return logical;
  }
  switch (schema.type) {
    case 'STRING':
      if (typeof json === 'string') return json;
      break;
    case 'INT64':
      return readInteger(schema, json, 64, field);
    case 'INT32':
      return Number(readInteger(schema, json, 32, field));
    case 'INT16':
      return Number(readInteger(schema, json, 16, field));
    case 'INT8':
      return Number(readInteger(schema, json, 8, field));
    case 'BOOLEAN':
      if (typeof json === 'boolean') return json;
      break;
    case 'FLOAT64':
    case 'FLOAT32':
      return readFloat(schema, json, field);
    case 'BYTES':
      return readBytes(schema, json, 'Invalid bytes field', field);
    case 'ARRAY': {
      if (!Array.isArray(json)) break;
      const items = schema.valueSchema;
      return json.map((item) => readValue(items, item, options, field));
    }
    case 'MAP':
      return readMap(schema, json, options, field);
    case 'STRUCT':
      return readStruct(schema, json, options);
  }
  throw mismatch(schema, json, field);
}

function readStruct(schema: Schema, json: unknown, options: ReadOptions): Struct {
  if (!(json instanceof Map))
    throw new DataException(`Structs should be encoded as JSON objects, but found ${nodeType(json)}`);
  const struct = new Struct(schema);
  for (const field of schema.fields)
    struct.put(field, readValue(field.schema, json.get(field.name), options, field.name));
  return struct;
}

function readMap(schema: Schema, json: unknown, options: ReadOptions, field?: string): Map<unknown, unknown> {
  const { keySchema, valueSchema } = schema;
  const map = new Map<unknown, unknown>();
  if (keySchema.type === 'STRING') {
    if (!(json instanceof Map))
      throw new DataException(`Maps with string fields should be encoded as JSON objects, but found ${nodeType(json)}`);
    for (const [key, item] of json) map.set(key, readValue(valueSchema, item, options, field));
    return map;
  }
  if (!Array.isArray(json))
    throw new DataException(
      `Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(json)}`,
    );
  for (const entry of json) {
    if (!Array.isArray(entry))
      throw new DataException(`Found invalid map entry instead of array tuple: ${nodeType(entry)}`);
    if (entry.length !== 2)
      throw new DataException(`Found invalid map entry, expected length 2 but found :${entry.length}`);
    map.set(readValue(keySchema, entry[0], options, field), readValue(valueSchema, entry[1], options, field));
  }
  return map;
}

/** 1.0 and 1e3 are integers too. */
function readInteger(schema: Schema, json: unknown, bits: number, field?: string): bigint {
  const integer = json instanceof Decimal ? json.toBigInt() : json;
  if (typeof integer !== 'bigint') throw mismatch(schema, json, field);
  if (BigInt.asIntN(bits, integer) !== integer) throw outOfRange(schema, field);
  return integer;
}

/** Written as strings: NaN and the infinities, which JSON has not. */
function readFloat(schema: Schema, json: unknown, field?: string): number {
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
  const double = json instanceof Decimal ? json.toNumber() : typeof json === 'bigint' ? Number(json) : undefined;
  if (double === undefined) throw mismatch(schema, json, field);
  const number = schema.type === 'FLOAT32' ? Math.fround(double) : double;
  if (!Number.isFinite(number)) throw outOfRange(schema, field);
  return number;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function readBytes(schema: Schema, json: unknown, message: string, field?: string): Uint8Array {
  if (typeof json !== 'string') throw mismatch(schema, json, field);
  if (!BASE64.test(json)) throw new DataException(field ? `${message} "${field}": it is no Base64` : message);
  return Buffer.from(json, 'base64');
}

/** Undefined when the schema's name is none of the logical types'. */
function readLogical(schema: Schema, json: unknown, field?: string): unknown {
  switch (schema.name) {
    case DECIMAL: {
      if (json instanceof Decimal) return json;
      if (typeof json === 'bigint') return new Decimal(json, 0);
      if (typeof json === 'string') {
        const bytes = readBytes(schema, json, 'Invalid bytes for Decimal field', field);
        const decimal = Decimal.fromUnscaledBytes(bytes, scaleOf(schema));
        if (decimal !== undefined) return decimal;
        throw new DataException('Invalid bytes for Decimal field');
      }
      throw new DataException(
        `Invalid type for Decimal, underlying representation should be numeric or bytes but was ${nodeType(json)}`,
      );
    }
    case DATE:
      return BigInt(readInt32(json, 'Date')) * MS_PER_DAY;
    case TIME: {
      const ms = BigInt(readInt32(json, 'Time'));
      if (ms >= 0n && ms <= MS_PER_DAY) return ms;
      throw new DataException('Time values must use number of milliseconds greater than 0 and less than 86400000');
    }
    case TIMESTAMP:
      if (typeof json !== 'bigint')
        throw new DataException(
          `Invalid type for Timestamp, underlying representation should be integral but was ${nodeType(json)}`,
        );
      return readInteger(schema, json, 64, field);
  }
  return undefined;
}

function readInt32(json: unknown, type: string): bigint {
  if (typeof json === 'bigint' && BigInt.asIntN(32, json) === json) return json;
  throw new DataException(
    `Invalid type for ${type}, underlying representation should be integer but was ${nodeType(json)}`,
  );
}

/** As `parseJson` reads: bigint within int64, number, Map. */
function readSchemaless(json: unknown, field?: string): unknown {
  if (json === undefined) return null;
  if (typeof json === 'bigint') {
    if (BigInt.asIntN(64, json) === json) return json;
    throw new DataException(
      `The integer of ${json.toString().replace('-', '').length} digits${at(field)} is beyond int64`,
    );
  }
  if (json instanceof Decimal) {
    const number = json.toNumber();
    if (Number.isFinite(number)) return number;
    throw new DataException(`The number${at(field)} is beyond float64`);
  }
  if (Array.isArray(json)) return json.map((item) => readSchemaless(item, field));
  if (json instanceof Map) {
    const map = new Map<string, unknown>();
    for (const [key, item] of json as ReadonlyMap<string, unknown>) map.set(key, readSchemaless(item, key));
    return map;
  }
  return json;
}

function mismatch(schema: Schema, json: unknown, field?: string): DataException {
  return new DataException(`Invalid ${nodeType(json)} for the schema type ${schema.type}${at(field)}`);
}

function outOfRange(schema: Schema, field?: string): DataException {
  return new DataException(`The number${at(field)} is out of range for the schema type ${schema.type}`);
}

function at(field: string | undefined): string {
  return field === undefined ? '' : ` in field "${field}"`;
}

/** Jackson's names of what JSON has. Java: `JsonNodeType`. */
function nodeType(json: unknown): string {
  if (json === undefined) return 'MISSING';
  if (json === null) return 'NULL';
  if (Array.isArray(json)) return 'ARRAY';
  if (json instanceof Map) return 'OBJECT';
  if (typeof json === 'string') return 'STRING';
  return typeof json === 'boolean' ? 'BOOLEAN' : 'NUMBER';
}
