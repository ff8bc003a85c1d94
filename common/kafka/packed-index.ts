import type { PackedRecords, RecordPreview } from './packed-records.ts';
import { TIMESTAMP_TYPES } from './packed-records.ts';
import type { RecordHeader } from './records.ts';

/**
 * Any record of a pack without unpacking the others: a list that shows thirty of ten thousand reads thirty. Where
 * each record's bytes begin is worked out at the first look.
 */
export class PackedIndex {
  readonly packed: PackedRecords;
  #starts: { bytes: Uint32Array; header: Uint32Array } | undefined;

  constructor(packed: PackedRecords) {
    this.packed = packed;
  }

  get count(): number {
    return this.packed.count;
  }

  /** The record at `index` (0 to count - 1); its bytes are views into the pack. */
  record(index: number): RecordPreview {
    const { packed } = this;
    this.#starts ??= starts(packed);
    let at = this.#starts.bytes[index]!;
    const take = (size: number) => packed.bytes.subarray(at, (at += size));
    const keySize = packed.keySize[index]!;
    const valueSize = packed.valueSize[index]!;
    const keyKept = packed.keyKept[index]!;
    const valueKept = packed.valueKept[index]!;
    const key = keySize < 0 ? null : take(keyKept);
    const value = valueSize < 0 ? null : take(valueKept);
    const headers: RecordHeader[] = [];
    const firstHeader = this.#starts.header[index]!;
    for (let header = 0; header < packed.headerCount[index]!; header++) {
      const headerKey = take(packed.headerSize[firstHeader + 2 * header]!);
      const size = packed.headerSize[firstHeader + 2 * header + 1]!;
      headers.push({ key: headerKey, value: size < 0 ? null : take(size) });
    }
    const leaderEpoch = packed.leaderEpoch[index]!;
    return {
      topic: packed.topic,
      partition: packed.partition[index]!,
      offset: packed.offset[index]!,
      timestamp: packed.timestamp[index]!,
      timestampType: TIMESTAMP_TYPES[packed.timestampType[index]!] ?? 'NoTimestampType',
      leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
      key,
      value,
      headers,
      keySize: Math.max(0, keySize),
      valueSize: Math.max(0, valueSize),
      cut: keyKept < keySize || valueKept < valueSize,
    };
  }
}

function starts(packed: PackedRecords): { bytes: Uint32Array; header: Uint32Array } {
  const bytes = new Uint32Array(packed.count);
  const header = new Uint32Array(packed.count);
  let at = 0;
  let headerAt = 0;
  for (let index = 0; index < packed.count; index++) {
    bytes[index] = at;
    header[index] = headerAt;
    at += packed.keyKept[index]! + packed.valueKept[index]!;
    for (const last = headerAt + 2 * packed.headerCount[index]!; headerAt < last; headerAt++)
      at += Math.max(0, packed.headerSize[headerAt]!);
  }
  return { bytes, header };
}

/** Two packs of the same topic as one, in order. */
export function joinPacked(first: PackedRecords, second: PackedRecords): PackedRecords {
  const join = <A extends Int32Array | Uint8Array | BigInt64Array>(a: A, b: A): A => {
    const joined = new (a.constructor as new (length: number) => A)(a.length + b.length);
    joined.set(a as never, 0);
    joined.set(b as never, a.length);
    return joined;
  };
  return {
    topic: first.topic,
    count: first.count + second.count,
    partition: join(first.partition, second.partition),
    offset: join(first.offset, second.offset),
    timestamp: join(first.timestamp, second.timestamp),
    timestampType: join(first.timestampType, second.timestampType),
    leaderEpoch: join(first.leaderEpoch, second.leaderEpoch),
    keySize: join(first.keySize, second.keySize),
    valueSize: join(first.valueSize, second.valueSize),
    keyKept: join(first.keyKept, second.keyKept),
    valueKept: join(first.valueKept, second.valueKept),
    headerCount: join(first.headerCount, second.headerCount),
    headerSize: join(first.headerSize, second.headerSize),
    bytes: join(first.bytes, second.bytes),
  };
}
