import { DataException } from '../../../common/errors.ts';
import { Decimal } from './decimal.ts';
import { javaClassOf } from './java-class.ts';
import type { Schema } from './schema.ts';
import { Struct } from './struct.ts';

const LOGICAL_NAMES: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['org.apache.kafka.connect.data.Decimal', (value: unknown) => value instanceof Decimal],
  ['org.apache.kafka.connect.data.Date', isInt64],
  ['org.apache.kafka.connect.data.Time', isInt64],
  ['org.apache.kafka.connect.data.Timestamp', isInt64],
]);

/** Throws DataException, in Connect's words, when the value can't have this schema. Java: `ConnectSchema.validateValue`. */
export function validateValue(schema: Schema, value: unknown): void {
  validate(schema, value, 'value');
}

/** The same for a struct's field; the message names it. */
export function validateField(name: string, schema: Schema, value: unknown): void {
  if (isPlain(schema, value)) return;
  validate(schema, value, `field: "${name}"`);
}

function validate(schema: Schema, value: unknown, location: string): void {
  if (value === null || value === undefined) {
    if (schema.optional) return;
    throw new DataException(`Invalid value: null used for required ${location}, schema type: ${schema.type}`);
  }
  const logical = schema.name === null ? undefined : LOGICAL_NAMES.get(schema.name);
  if (!(logical === undefined ? fits(schema, value) : logical(value))) {
    const name = schema.name === null ? '' : ` "${schema.name}"`;
    throw new DataException(
      `Invalid Java object for schema${name} with type ${schema.type}: class ${javaClassOf(value, schema)} for ${location}`,
    );
  }
  if (value instanceof Struct) {
    if (!value.schema.equals(schema)) throw new DataException('Struct schemas do not match.');
    value.validate();
  } else if (Array.isArray(value)) {
    for (const item of value) validate(schema.valueSchema, item, `element of array ${location}`);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      validate(schema.keySchema, key, `key of map ${location}`);
      validate(schema.valueSchema, item, `value of map ${location}`);
    }
  }
}

/** The common case without a closure or a message: a scalar of a type that needs no look inside. */
function isPlain(schema: Schema, value: unknown): boolean {
  if (schema.name !== null) return false;
  switch (schema.type) {
    case 'STRUCT':
    case 'ARRAY':
    case 'MAP':
      return false;
    default:
      return value !== null && fits(schema, value);
  }
}

function fits(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case 'INT8':
      return typeof value === 'number' && (value << 24) >> 24 === value;
    case 'INT16':
      return typeof value === 'number' && (value << 16) >> 16 === value;
    case 'INT32':
      return typeof value === 'number' && (value | 0) === value;
    case 'INT64':
      return isInt64(value);
    case 'FLOAT32':
    case 'FLOAT64':
      return typeof value === 'number';
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'STRING':
      return typeof value === 'string';
    case 'BYTES':
      return value instanceof Uint8Array;
    case 'ARRAY':
      return Array.isArray(value);
    case 'MAP':
      return value instanceof Map;
    case 'STRUCT':
      return value instanceof Struct;
  }
}

function isInt64(value: unknown): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
}
