import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { LogEnvironment } from './log-environment.ts';
import { LogSegment, type SegmentOptions } from './log-segment.ts';
import type { LogWriter } from './log-writer.ts';
import type { ProducerLog } from './producer-log.ts';
import type { SegmentList } from './segment-list.ts';
import { storageError } from './storage-errors.ts';

/** Relative offsets are int32. */
const MAX_RELATIVE_OFFSET = 0x7fff_ffffn;

export interface RolledLog {
  readonly directory: string;
  readonly segments: SegmentList;
  readonly producers: ProducerLog;
}

/** Begins a new segment when the active one is full or too old (`segment.bytes`, `segment.ms`). Java: `UnifiedLog.maybeRoll`. */
export class SegmentRoller {
  readonly #environment: LogEnvironment;
  readonly #log: RolledLog;
  readonly #writer: LogWriter;
  /** Of the active segment; null: it has none, undefined: not looked at yet. */
  #firstTimestamp: bigint | null | undefined;

  constructor(environment: LogEnvironment, log: RolledLog, writer: LogWriter) {
    this.#environment = environment;
    this.#log = log;
    this.#writer = writer;
  }

  /** Before the batch is appended. */
  rollFor(batch: RecordBatch): void {
    const { active } = this.#log.segments;
    const bytes = active.size + this.#writer.pendingBytes;
    if (bytes === 0) {
      this.#firstTimestamp = batch.maxTimestamp >= 0n ? batch.maxTimestamp : null;
      return;
    }
    const lastOffset = this.#writer.endOffset + BigInt(batch.lastOffsetDelta);
    if (
      bytes + batch.sizeInBytes > this.#writer.config.segmentBytes ||
      lastOffset - active.baseOffset > MAX_RELATIVE_OFFSET ||
      this.#isDue(active, batch.maxTimestamp)
    ) {
      this.roll();
    }
  }

  /** By the records' own time where they have one, as Kafka does. */
  #isDue(active: LogSegment, timestamp: bigint): boolean {
    this.#firstTimestamp ??= this.#firstTimestampOf(active);
    const waited =
      this.#firstTimestamp === null || timestamp < 0n
        ? BigInt(this.#environment.time.milliseconds() - active.modified)
        : timestamp - this.#firstTimestamp;
    return waited > BigInt(this.#writer.config.segmentMs);
  }

  #firstTimestampOf(active: LogSegment): bigint | null {
    try {
      return active.firstTimestamp() ?? null;
    } catch (error) {
      throw storageError(`Can't read ${active.paths.log}: ${(error as Error).message}`, error);
    }
  }

  /**
   * Starts a new segment, unless the active one is empty.
   *
   * @throws ApiException KAFKA_STORAGE_ERROR
   */
  roll(): void {
    this.#writer.flush();
    // Half a batch may lie at the end: it has to be cut off first.
    if (this.#writer.failure) throw this.#writer.failure;
    const { segments, producers } = this.#log;
    if (segments.active.size === 0) return;
    const { endOffset } = this.#writer;
    try {
      segments.active.saveIndexes(true);
      producers.takeSnapshot(endOffset);
      segments.add(LogSegment.create(this.optionsAt(endOffset)));
    } catch (error) {
      throw this.#writer.diskFailed('start a segment of', error);
    }
    this.#firstTimestamp = undefined;
  }

  /** Of a segment that begins at an offset. */
  optionsAt(baseOffset: bigint): SegmentOptions {
    const { indexIntervalBytes, isCompacted } = this.#writer.config;
    const { files } = this.#environment;
    return { files, directory: this.#log.directory, baseOffset, indexIntervalBytes, gapsAllowed: isCompacted };
  }
}
