import { javaDate } from './java-date.ts';
import { javaDouble, javaFloat } from './java-number.ts';
import { isDateSchema } from './logical-types.ts';
import type { Schema } from './schema.ts';

/**
 * A value as Java's `String.valueOf` prints it in Connect; the schema tells floats from doubles and dates from
 * longs. Differences: maps print in their own order (Java's HashMap has none), bytes as `[B@0` without Java's random
 * identity.
 */
export function javaText(schema: Schema | null, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(schema, value);
    case 'bigint':
      return isDateSchema(schema) ? javaDate(value) : value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
  }
  if (Array.isArray(value)) {
    const items = schema?.type === 'ARRAY' ? schema.valueSchemaOrNull : null;
    return `[${value.map((item) => javaText(items, item)).join(', ')}]`;
  }
  if (value instanceof Map) return mapText(schema, value);
  if (value instanceof Uint8Array) return '[B@0';
  // Struct and Decimal. `String(value)` would ask for their primitive first, which takes longer than the text itself.
  return value.toString();
}

function numberText(schema: Schema | null, value: number): string {
  switch (schema?.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return value.toString();
    case 'FLOAT32':
      return javaFloat(value);
    default:
      return javaDouble(value);
  }
}

function mapText(schema: Schema | null, map: ReadonlyMap<unknown, unknown>): string {
  const [keys, values] = schema?.type === 'MAP' ? [schema.keySchemaOrNull, schema.valueSchemaOrNull] : [null, null];
  const entries: string[] = [];
  for (const [key, value] of map) entries.push(`${javaText(keys, key)}=${javaText(values, value)}`);
  return `{${entries.join(', ')}}`;
}
