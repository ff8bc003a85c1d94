import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import { type RecordBatch, recordBatches } from '../../protocol/records/record-batch.ts';
import { decodeRecords, type Record } from '../../protocol/records/records.ts';
import { LEADER_EPOCH } from './batch-inspection.ts';
import type { LogSegment } from './log-segment.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The last offset of each key in a stretch of log. Java: `OffsetMap`, `SkimpyOffsetMap`. */
export class LastOffsets {
  readonly #offsets = new Map<string, bigint>();
  readonly #maxKeys: number;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get isFull(): boolean {
    return this.#offsets.size >= this.#maxKeys;
  }

  add(key: Buffer, offset: bigint): void {
    // latin1 keeps every byte apart and costs one byte each.
    this.#offsets.set(key.toString('latin1'), offset);
  }

  /** Whether a record with this key comes later than `offset`. */
  isSuperseded(key: Buffer, offset: bigint): boolean {
    const last = this.#offsets.get(key.toString('latin1'));
    return last !== undefined && last > offset;
  }
}

/** Lets the event loop go on between two chunks. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The batches of a segment in order, a chunk at a time. */
async function* batchesOf(segment: LogSegment): AsyncGenerator<RecordBatch> {
  for (let offset = segment.baseOffset; ; ) {
    const read = segment.read(offset, { end: segment.size, maxBytes: CHUNK_BYTES, minOneBatch: true });
    if (!read) return;
    yield* recordBatches(read.records);
    offset = read.nextOffset;
    await breathe();
  }
}

/**
 * Takes the keys of the segments into the map, from `from` on. What was aborted supersedes nothing.
 *
 * @returns the offset up to which all of them are in it: the map may have been full before the end
 */
export async function mapKeys(
  segments: readonly LogSegment[],
  from: bigint,
  map: LastOffsets,
  isAborted: (batch: RecordBatch) => boolean,
): Promise<bigint> {
  let end = from;
  for (const segment of segments) {
    for await (const batch of batchesOf(segment)) {
      if (batch.lastOffset < from) continue;
      if (map.isFull) return batch.baseOffset;
      if (!batch.isControlBatch && !isAborted(batch)) {
        for (const { key, offset } of decodeRecords(batch)) if (key && offset >= from) map.add(key, offset);
      }
      end = batch.nextOffset;
    }
  }
  return end;
}

export interface CompactionRules {
  readonly map: LastOffsets;
  /** The map knows keys up to here; what lies behind stays as it is. */
  readonly mappedTo: bigint;
  /** Wall clock, ms. */
  readonly now: bigint;
  /** How long a tombstone stays after it was first seen by a compaction (`delete.retention.ms`). */
  readonly tombstonesMs: bigint;
  /** Batches that end a producer's sequence: they stay even when they are empty, so that the sequence goes on. */
  readonly isLastOfProducer: (batch: RecordBatch) => boolean;
  readonly isAborted: (batch: RecordBatch) => boolean;
  /** Producers of which records were kept since their last marker; one pass over a log fills it. */
  readonly withRecords: Set<bigint>;
}

/** What is left of a segment: each batch in order, as bytes. */
export async function* compacted(segment: LogSegment, rules: CompactionRules): AsyncGenerator<Buffer> {
  for await (const batch of batchesOf(segment)) {
    const left = compactBatch(batch, rules);
    if (left) yield left;
  }
}

/**
 * A batch without the records that a later one of their key supersedes, and without tombstones whose time is over.
 * Undefined when nothing of it is needed. Java: `MemoryRecords.filterTo`, `Cleaner.shouldRetainRecord`.
 */
export function compactBatch(batch: RecordBatch, rules: CompactionRules): Buffer | undefined {
  if (batch.isControlBatch) return compactMarker(batch, rules);
  const bytes = compactRecords(batch, rules);
  if (bytes && batch.isTransactional) rules.withRecords.add(batch.producerId);
  return bytes;
}

/** A marker goes as a tombstone does, once nothing of its transaction is left. Java: `CleanedTransactionMetadata`. */
function compactMarker(batch: RecordBatch, rules: CompactionRules): Buffer | undefined {
  const isNeeded = rules.withRecords.delete(batch.producerId);
  const horizon = batch.deleteHorizonMs;
  if (isNeeded || batch.lastOffset >= rules.mappedTo) return batch.bytes;
  if (horizon === null) return rewritten(batch, decodeRecords(batch), rules.now + rules.tombstonesMs);
  return horizon <= rules.now ? undefined : batch.bytes;
}

function compactRecords(batch: RecordBatch, rules: CompactionRules): Buffer | undefined {
  if (batch.lastOffset >= rules.mappedTo) return batch.bytes;
  const records = decodeRecords(batch);
  const horizon = batch.deleteHorizonMs;
  const isOver = horizon !== null && horizon <= rules.now;
  const isAborted = rules.isAborted(batch);
  const kept = records.filter(({ key, value, offset }) => {
    if (isAborted || key === null || rules.map.isSuperseded(key, offset)) return false;
    return value !== null || !isOver;
  });
  const hasTombstones = kept.some(({ value }) => value === null);
  const newHorizon = hasTombstones && horizon === null ? rules.now + rules.tombstonesMs : (horizon ?? undefined);
  if (kept.length === records.length && newHorizon === (horizon ?? undefined)) return batch.bytes;
  if (kept.length === 0 && !(batch.hasProducerId && rules.isLastOfProducer(batch))) return undefined;
  return rewritten(batch, kept, newHorizon);
}

function rewritten(batch: RecordBatch, records: readonly Record[], deleteHorizonMs: bigint | undefined): Buffer {
  return encodeRecordBatch(records, {
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: LEADER_EPOCH,
    compression: records.length === 0 ? 'none' : batch.compression,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.isTransactional,
    control: batch.isControlBatch,
    lastOffsetDelta: batch.lastOffsetDelta,
    ...(deleteHorizonMs !== undefined && { deleteHorizonMs }),
    ...(batch.timestampType === 'LogAppendTime' && { logAppendTime: batch.maxTimestamp }),
  });
}
