import { RecordBatchTooLargeException } from '../../protocol/exceptions.ts';
import { compressAsync } from '../../protocol/records/compression/compression.ts';
import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import { RecordBatch, recordBatches } from '../../protocol/records/record-batch.ts';
import { decodeRecords, MAX_DECODED_RECORDS, type Record } from '../../protocol/records/records.ts';
import { LEADER_EPOCH } from './batch-inspection.ts';
import type { BatchOpener } from './batch-opener.ts';
import { breathe, RECORDS_A_TURN } from './breathe.ts';
import type { LogSegment } from './log-segment.ts';
import { withRecords } from './repacking.ts';

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
  opener: BatchOpener,
): Promise<bigint> {
  let end = from;
  for (const segment of segments) {
    for await (const batch of batchesOf(segment)) {
      if (batch.lastOffset < from) continue;
      if (map.isFull) return batch.baseOffset;
      if (!batch.isControlBatch && !isAborted(batch)) {
        await opener.records(batch, async (records) => {
          let seen = 0;
          for (const { key, offset } of records) {
            if (key && offset >= from) map.add(key, offset);
            if (++seen % RECORDS_A_TURN === 0) await breathe();
          }
        });
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
  readonly opener: BatchOpener;
  /** Producers of which records were kept since their last marker; one pass over a log fills it. */
  readonly withRecords: Set<bigint>;
}

/** What is left of a segment: each batch in order, as bytes. */
export async function* compacted(segment: LogSegment, rules: CompactionRules): AsyncGenerator<Buffer> {
  for await (const batch of batchesOf(segment)) {
    const left = await compactBatch(batch, rules);
    if (left) yield left;
  }
}

/**
 * A batch without the records that a later one of their key supersedes, and without tombstones whose time is over.
 * Undefined when nothing of it is needed. Java: `MemoryRecords.filterTo`, `Cleaner.shouldRetainRecord`.
 */
async function compactBatch(batch: RecordBatch, rules: CompactionRules): Promise<Buffer | undefined> {
  if (batch.isControlBatch) return compactMarker(batch, rules);
  const bytes = batch.lastOffset >= rules.mappedTo ? batch.bytes : await compactRecords(batch, rules);
  if (bytes && batch.isTransactional) rules.withRecords.add(batch.producerId);
  return bytes;
}

/** A marker goes as a tombstone does, once nothing of its transaction is left. Java: `CleanedTransactionMetadata`. */
function compactMarker(batch: RecordBatch, rules: CompactionRules): Buffer | undefined {
  const isNeeded = rules.withRecords.delete(batch.producerId);
  const horizon = batch.deleteHorizonMs;
  if (isNeeded || batch.lastOffset >= rules.mappedTo) return batch.bytes;
  if (horizon === null) return rewritten(batch, decodeRecords(batch), rules.now + rules.tombstonesMs).bytes;
  return horizon <= rules.now ? undefined : batch.bytes;
}

function compactRecords(batch: RecordBatch, rules: CompactionRules): Promise<Buffer | undefined> {
  const horizon = batch.deleteHorizonMs;
  const isOver = horizon !== null && horizon <= rules.now;
  const isAborted = rules.isAborted(batch);
  const isKept = ({ key, value, offset }: Record) => {
    if (isAborted || key === null || rules.map.isSuperseded(key, offset)) return false;
    return value !== null || !isOver;
  };
  return rules.opener.records(batch, async (records) => {
    const kept: Record[] = [];
    let seen = 0;
    for (const record of records) {
      if (isKept(record)) kept.push(record);
      if (++seen % RECORDS_A_TURN === 0) await breathe();
      if (kept.length > MAX_DECODED_RECORDS)
        throw new RecordBatchTooLargeException(`${records.count} records in one batch are too many to compact it`);
    }
    const hasTombstones = kept.some(({ value }) => value === null);
    const newHorizon = hasTombstones && horizon === null ? rules.now + rules.tombstonesMs : (horizon ?? undefined);
    if (kept.length === records.count && newHorizon === (horizon ?? undefined)) return batch.bytes;
    if (kept.length === 0 && !(batch.hasProducerId && rules.isLastOfProducer(batch))) return undefined;
    const plain = rewritten(batch, kept, newHorizon);
    if (kept.length === 0 || batch.compression === 'none') return plain.bytes;
    return withRecords(plain, batch.compression, await compressAsync(batch.compression, plain.records)).bytes;
  });
}

/** Without compression. */
function rewritten(batch: RecordBatch, records: readonly Record[], deleteHorizonMs: bigint | undefined): RecordBatch {
  const bytes = encodeRecordBatch(records, {
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: LEADER_EPOCH,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.isTransactional,
    control: batch.isControlBatch,
    lastOffsetDelta: batch.lastOffsetDelta,
    ...(deleteHorizonMs !== undefined && { deleteHorizonMs }),
    ...(batch.timestampType === 'LogAppendTime' && { logAppendTime: batch.maxTimestamp }),
  });
  return new RecordBatch(bytes);
}
