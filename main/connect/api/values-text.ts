import { DataException } from '../../../common/errors.ts';
import { Decimal } from './decimal.ts';
import { isoDateText } from './iso-dates.ts';
import { javaClassOf } from './java-class.ts';
import { javaText } from './java-text.ts';
import { isDateSchema } from './logical-types.ts';
import type { Schema } from './schema.ts';
import { Struct } from './struct.ts';

/**
 * A value as text that `parseValue` reads back: `[1,2]`, `{"a":"b"}`, bytes as Base64, strings bare at the top and
 * quoted inside. Java: `Values.convertToString`.
 */
export function valuesText(schema: Schema | null, value: unknown): string {
  return write(schema, value, false);
}

function write(schema: Schema | null, value: unknown, embedded: boolean): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return embedded ? quoted(value) : value;
    case 'bigint':
      return isDateSchema(schema) ? isoDateText(value) : value.toString();
    case 'number':
    case 'boolean':
      return javaText(schema, value);
  }
  if (value instanceof Uint8Array) {
    const base64 = Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
    return embedded ? `"${base64}"` : base64;
  }
  if (Array.isArray(value)) {
    const items = schema?.type === 'ARRAY' ? schema.valueSchemaOrNull : null;
    return `[${value.map((item) => write(items, item, true)).join(',')}]`;
  }
  if (value instanceof Map) {
    const [keys, items] = schema?.type === 'MAP' ? [schema.keySchemaOrNull, schema.valueSchemaOrNull] : [null, null];
    return `{${[...value].map(([key, item]) => `${write(keys, key, true)}:${write(items, item, true)}`).join(',')}}`;
  }
  if (value instanceof Struct) {
    const fields = value.schema.fields.map(
      (field) => `${quoted(field.name)}:${write(field.schema, value.get(field), true)}`,
    );
    return `{${fields.join(',')}}`;
  }
  if (value instanceof Decimal) return value.toString();
  throw new DataException(`Failed to serialize unexpected value type ${javaClassOf(value)}: ${value}`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
