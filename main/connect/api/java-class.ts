import { Decimal } from './decimal.ts';
import type { Schema } from './schema.ts';
import { Struct } from './struct.ts';

/**
 * The Java class that a value would have in Connect, for messages: `java.lang.Long`. A number is an Integer when it
 * can be one and `schema` wants an integer, else a Double: without a schema Connect's JSON has Long and Double only.
 */
export function javaClassOf(value: unknown, schema?: Schema | null): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'bigint':
      return 'java.lang.Long';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'number':
      return numberClass(value, schema);
  }
  if (value instanceof Uint8Array) return '[B';
  if (value instanceof Struct) return 'org.apache.kafka.connect.data.Struct';
  if (value instanceof Map) return 'java.util.HashMap';
  if (value instanceof Decimal) return 'java.math.BigDecimal';
  if (Array.isArray(value)) return 'java.util.ArrayList';
  return (value as object).constructor?.name ?? 'java.lang.Object';
}

function numberClass(value: number, schema: Schema | null | undefined): string {
  switch (schema?.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return Number.isInteger(value) && (value | 0) === value ? 'java.lang.Integer' : 'java.lang.Double';
    case 'FLOAT32':
      return 'java.lang.Float';
    default:
      return 'java.lang.Double';
  }
}
