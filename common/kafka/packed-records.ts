import type { ConsumerRecord, TimestampType } from './records.ts';

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

/** Collects records of one topic into a pack; their bytes are copied, so what they were views into can go. */
export class RecordPacker {
  readonly #topic: string;
  readonly #limit: number;
  readonly #partition: number[] = [];
  readonly #offset: bigint[] = [];
  readonly #timestamp: bigint[] = [];
  readonly #timestampType: number[] = [];
  readonly #leaderEpoch: number[] = [];
  readonly #keySize: number[] = [];
  readonly #valueSize: number[] = [];
  readonly #keyKept: number[] = [];
  readonly #valueKept: number[] = [];
  readonly #headerCount: number[] = [];
  readonly #headerSize: number[] = [];
  #arena = new Uint8Array(0);
  #bytes = 0;

  /** Keys and values are cut at `limit` bytes. */
  constructor(topic: string, limit: number) {
    this.#topic = topic;
    this.#limit = limit;
  }

  get count(): number {
    return this.#offset.length;
  }

  /** How many bytes of keys, values and headers it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  add(record: ConsumerRecord): void {
    const keyKept = Math.min(record.key?.length ?? 0, this.#limit);
    const valueKept = Math.min(record.value?.length ?? 0, this.#limit);
    this.#partition.push(record.partition);
    this.#offset.push(record.offset);
    this.#timestamp.push(record.timestamp);
    this.#timestampType.push(TIMESTAMP_TYPES.indexOf(record.timestampType));
    this.#leaderEpoch.push(record.leaderEpoch ?? -1);
    this.#keySize.push(record.key?.length ?? -1);
    this.#valueSize.push(record.value?.length ?? -1);
    this.#keyKept.push(keyKept);
    this.#valueKept.push(valueKept);
    this.#headerCount.push(record.headers.length);
    this.#put(record.key, keyKept);
    this.#put(record.value, valueKept);
    for (const { key, value } of record.headers) {
      this.#headerSize.push(key.length, value?.length ?? -1);
      this.#put(key, key.length);
      this.#put(value, value?.length ?? 0);
    }
  }

  pack(): PackedRecords {
    return {
      topic: this.#topic,
      count: this.count,
      partition: Int32Array.from(this.#partition),
      offset: BigInt64Array.from(this.#offset),
      timestamp: BigInt64Array.from(this.#timestamp),
      timestampType: Uint8Array.from(this.#timestampType),
      leaderEpoch: Int32Array.from(this.#leaderEpoch),
      keySize: Int32Array.from(this.#keySize),
      valueSize: Int32Array.from(this.#valueSize),
      keyKept: Int32Array.from(this.#keyKept),
      valueKept: Int32Array.from(this.#valueKept),
      headerCount: Int32Array.from(this.#headerCount),
      headerSize: Int32Array.from(this.#headerSize),
      // A view would take the whole arena along when it is copied to another process.
      bytes: this.#arena.slice(0, this.#bytes),
    };
  }

  #put(bytes: Uint8Array | null, kept: number): void {
    if (!bytes || kept === 0) return;
    if (this.#bytes + kept > this.#arena.length) {
      const larger = new Uint8Array(Math.max(4096, this.#arena.length * 2, this.#bytes + kept));
      larger.set(this.#arena.subarray(0, this.#bytes));
      this.#arena = larger;
    }
    this.#arena.set(kept === bytes.length ? bytes : bytes.subarray(0, kept), this.#bytes);
    this.#bytes += kept;
  }
}

/** Packs records of one topic; keys and values are cut at `limit` bytes. */
export function packRecords(topic: string, records: readonly ConsumerRecord[], limit: number): PackedRecords {
  const packer = new RecordPacker(topic, limit);
  for (const record of records) packer.add(record);
  return packer.pack();
}
