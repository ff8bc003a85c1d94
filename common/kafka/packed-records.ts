import type { ConsumerRecord, RecordHeader, TimestampType } from './records.ts';

/**
 * Records of one topic on their way to a window: numbers in columns, all bytes in one buffer. A message port copies
 * this in a few strokes, where an object with five small arrays a record would cost more than reading it from Kafka.
 */
export interface PackedRecords {
  topic: string;
  count: number;
  partition: Int32Array;
  offset: BigInt64Array;
  timestamp: BigInt64Array;
  /** Index into `TIMESTAMP_TYPES`. */
  timestampType: Uint8Array;
  /** -1: none */
  leaderEpoch: Int32Array;
  /** Size of the whole key and value, -1: null. */
  keySize: Int32Array;
  valueSize: Int32Array;
  /** How much of them is in `bytes`: less than the size when it was cut. */
  keyKept: Int32Array;
  valueKept: Int32Array;
  headerCount: Int32Array;
  /** Sizes of all headers' keys and values in turn, -1 for a null value; `headerCount` pairs a record. */
  headerSize: Int32Array;
  /** Of each record in turn: key, value, then each header's key and value. */
  bytes: Uint8Array;
}

export const TIMESTAMP_TYPES: readonly TimestampType[] = ['NoTimestampType', 'CreateTime', 'LogAppendTime'];

/** A record in the list: like a ConsumerRecord, but key and value may be cut. */
export interface RecordPreview extends ConsumerRecord {
  /** Bytes of the whole key; 0 for null and for empty. */
  keySize: number;
  valueSize: number;
  /** Key or value is cut: `record` fetches the rest. */
  cut: boolean;
}

/** Packs records of one topic; keys and values are cut at `limit` bytes. Bytes are copied. */
export function packRecords(topic: string, records: readonly ConsumerRecord[], limit: number): PackedRecords {
  const count = records.length;
  const packed: PackedRecords = {
    topic,
    count,
    partition: new Int32Array(count),
    offset: new BigInt64Array(count),
    timestamp: new BigInt64Array(count),
    timestampType: new Uint8Array(count),
    leaderEpoch: new Int32Array(count),
    keySize: new Int32Array(count),
    valueSize: new Int32Array(count),
    keyKept: new Int32Array(count),
    valueKept: new Int32Array(count),
    headerCount: new Int32Array(count),
    headerSize: new Int32Array(2 * records.reduce((sum, record) => sum + record.headers.length, 0)),
    bytes: new Uint8Array(records.reduce((sum, record) => sum + keptBytes(record, limit), 0)),
  };
  let at = 0;
  let header = 0;
  const put = (bytes: Uint8Array | null, kept = bytes?.length ?? 0) => {
    if (bytes) packed.bytes.set(kept === bytes.length ? bytes : bytes.subarray(0, kept), at);
    at += kept;
  };
  records.forEach((record, i) => {
    packed.partition[i] = record.partition;
    packed.offset[i] = record.offset;
    packed.timestamp[i] = record.timestamp;
    packed.timestampType[i] = TIMESTAMP_TYPES.indexOf(record.timestampType);
    packed.leaderEpoch[i] = record.leaderEpoch ?? -1;
    packed.keySize[i] = record.key?.length ?? -1;
    packed.valueSize[i] = record.value?.length ?? -1;
    const keyKept = Math.min(record.key?.length ?? 0, limit);
    const valueKept = Math.min(record.value?.length ?? 0, limit);
    packed.keyKept[i] = keyKept;
    packed.valueKept[i] = valueKept;
    put(record.key, keyKept);
    put(record.value, valueKept);
    packed.headerCount[i] = record.headers.length;
    for (const { key, value } of record.headers) {
      packed.headerSize[header++] = key.length;
      packed.headerSize[header++] = value?.length ?? -1;
      put(key);
      put(value);
    }
  });
  return packed;
}

/** The bytes that a record takes in a pack: its key and value as cut, its headers whole. */
export function keptBytes(record: ConsumerRecord, limit: number): number {
  let bytes = Math.min(record.key?.length ?? 0, limit) + Math.min(record.value?.length ?? 0, limit);
  for (const { key, value } of record.headers) bytes += key.length + (value?.length ?? 0);
  return bytes;
}

/** The records again; their bytes are views into the pack's buffer. */
export function unpackRecords(packed: PackedRecords): RecordPreview[] {
  const records: RecordPreview[] = new Array(packed.count);
  let at = 0;
  let header = 0;
  const take = (size: number) => packed.bytes.subarray(at, (at += size));
  for (let i = 0; i < packed.count; i++) {
    const keySize = packed.keySize[i] as number;
    const valueSize = packed.valueSize[i] as number;
    const keyKept = packed.keyKept[i] as number;
    const valueKept = packed.valueKept[i] as number;
    const key = keySize < 0 ? null : take(keyKept);
    const value = valueSize < 0 ? null : take(valueKept);
    const headers: RecordHeader[] = [];
    for (let h = packed.headerCount[i] as number; h > 0; h--) {
      const keyBytes = packed.headerSize[header++] as number;
      const valueBytes = packed.headerSize[header++] as number;
      headers.push({ key: take(keyBytes), value: valueBytes < 0 ? null : take(valueBytes) });
    }
    const leaderEpoch = packed.leaderEpoch[i] as number;
    records[i] = {
      topic: packed.topic,
      partition: packed.partition[i] as number,
      offset: packed.offset[i] as bigint,
      timestamp: packed.timestamp[i] as bigint,
      timestampType: TIMESTAMP_TYPES[packed.timestampType[i] as number] ?? 'NoTimestampType',
      leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
      key,
      value,
      headers,
      keySize: Math.max(0, keySize),
      valueSize: Math.max(0, valueSize),
      cut: keyKept < keySize || valueKept < valueSize,
    };
  }
  return records;
}
