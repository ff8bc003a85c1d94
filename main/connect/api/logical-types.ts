import { DataException } from '../../../common/errors.ts';
import type { Decimal } from './decimal.ts';
import { Schema } from './schema.ts';
import { SchemaBuilder } from './schema-builder.ts';

/**
 * Connect's logical types: a name on a plain schema, and a value that is held otherwise. Java: `Decimal`, `Date`,
 * `Time`, `Timestamp` of `org.apache.kafka.connect.data`.
 */
export const DECIMAL = 'org.apache.kafka.connect.data.Decimal';
export const DATE = 'org.apache.kafka.connect.data.Date';
export const TIME = 'org.apache.kafka.connect.data.Time';
export const TIMESTAMP = 'org.apache.kafka.connect.data.Timestamp';

export const SCALE_FIELD = 'scale';
export const MS_PER_DAY = 86_400_000n;

/** BYTES (big-endian unscaled value) with a fixed scale; held as `Decimal`. */
export function decimalBuilder(scale: number): SchemaBuilder {
  return SchemaBuilder.bytes().name(DECIMAL).parameter(SCALE_FIELD, String(scale)).version(1);
}

/** INT32 days since 1970; held as bigint ms of that day's UTC midnight. */
export function dateBuilder(): SchemaBuilder {
  return SchemaBuilder.int32().name(DATE).version(1);
}

/** INT32 ms since midnight; held as bigint ms. */
export function timeBuilder(): SchemaBuilder {
  return SchemaBuilder.int32().name(TIME).version(1);
}

/** INT64 ms since 1970 UTC; held as bigint ms. */
export function timestampBuilder(): SchemaBuilder {
  return SchemaBuilder.int64().name(TIMESTAMP).version(1);
}

// Without the builder: it imports (through struct and java-text) this file, which must be whole before it.
export const DATE_SCHEMA = new Schema('INT32', { name: DATE, version: 1 });
export const TIME_SCHEMA = new Schema('INT32', { name: TIME, version: 1 });
export const TIMESTAMP_SCHEMA = new Schema('INT64', { name: TIMESTAMP, version: 1 });

/** The value is a bigint that means an instant: a Date, a Time or a Timestamp. */
export function isDateSchema(schema: Schema | null): boolean {
  return schema !== null && schema.name !== null && DATES.has(schema.name);
}

const DATES: ReadonlySet<string> = new Set([DATE, TIME, TIMESTAMP]);

/** The scale that a Decimal schema carries as a parameter. */
export function scaleOf(schema: Schema): number {
  const scale = schema.parameters?.get(SCALE_FIELD);
  if (scale === undefined) throw new DataException('Invalid Decimal schema: scale parameter not found.');
  if (!/^[+-]?\d{1,10}$/.test(scale) || (Number(scale) | 0) !== Number(scale))
    throw new DataException('Invalid scale parameter found in Decimal schema: ');
  return Number(scale);
}

/** The schema's own scale is required of the value. */
export function decimalBytes(schema: Schema, value: Decimal): Uint8Array {
  const scale = scaleOf(schema);
  if (value.scale !== scale)
    throw new DataException(
      `Decimal value has mismatching scale for given Decimal schema. Schema has scale ${scale}, value has scale ${value.scale}.`,
    );
  return value.unscaledBytes();
}

/** Days since 1970 of a Date value. */
export function dateToDays(ms: bigint): number {
  if (ms % MS_PER_DAY !== 0n)
    throw new DataException('Kafka Connect Date type should not have any time fields set to non-zero values.');
  return Number(ms / MS_PER_DAY);
}

/** Milliseconds of the day of a Time value; a whole day's are let pass, as in Connect. */
export function timeToMillis(ms: bigint): number {
  if (ms < 0n || ms > MS_PER_DAY)
    throw new DataException('Kafka Connect Time type should not have any date fields set to non-zero values.');
  return Number(ms);
}
