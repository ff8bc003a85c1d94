import type { TimestampType } from '../../../common/kafka/records.ts';
import type { Schema } from './schema.ts';

/**
 * Records between connector, transformations and converters: plain, never changed in place; a transformation
 * returns a new one made by spreading. Java: `ConnectRecord`, `SourceRecord`, `SinkRecord`.
 *
 * How values are held: INT8, INT16, INT32, FLOAT32, FLOAT64 as number; INT64 as bigint; BYTES as Uint8Array;
 * ARRAY as array; MAP as Map; STRUCT as Struct; Decimal as Decimal; Date, Time and Timestamp as bigint ms. Without a
 * schema a bigint is Java's Long, a number is Java's Double, and a map is a Map (never a plain object).
 */
export interface ConnectHeader {
  key: string;
  schema: Schema | null;
  value: unknown;
}

export interface ConnectRecord {
  topic: string;
  kafkaPartition: number | null;
  keySchema: Schema | null;
  key: unknown;
  valueSchema: Schema | null;
  value: unknown;
  /** ms since 1970 UTC */
  timestamp: bigint | null;
  headers: readonly ConnectHeader[];
}

/** A source's partition or offset: JSON-like, integers as bigint, kept exact in the store. */
export type SourceMap = Readonly<Record<string, string | bigint | number | boolean | null>>;

export interface SourceRecord extends ConnectRecord {
  sourcePartition: SourceMap;
  sourceOffset: SourceMap;
}

export interface SinkRecord extends ConnectRecord {
  kafkaPartition: number;
  kafkaOffset: bigint;
  timestampType: TimestampType;
  /** Where the record was before any transformation renamed its topic; commits go by these. */
  originalTopic: string;
  originalKafkaPartition: number;
  originalKafkaOffset: bigint;
}
