import type { TopicPartition } from '../../../common/kafka/records.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { BatchOpener } from './batch-opener.ts';
import { DamageReport, type LogEnds } from './damage-report.ts';
import type { LogEnvironment } from './log-environment.ts';
import type { LogSegment } from './log-segment.ts';
import type { LogEnd } from './log-writer.ts';
import type { SegmentList } from './segment-list.ts';
import { storageError } from './storage-errors.ts';
import { firstRecordAt, type TimestampOffset } from './timestamp-lookup.ts';

const EMPTY = Buffer.alloc(0);

/** Reads what lies below the high watermark, across segments, and tells of damage that it meets. */
export class LogReader {
  readonly #segments: SegmentList;
  readonly #ends: LogEnds;
  readonly #damage: DamageReport;
  readonly #opener: BatchOpener;

  constructor(environment: LogEnvironment, topicPartition: TopicPartition, segments: SegmentList, ends: LogEnds) {
    this.#segments = segments;
    this.#ends = ends;
    this.#opener = environment.opener;
    this.#damage = new DamageReport(environment, topicPartition, segments, ends);
  }

  /** As `PartitionLog.read`, for an offset that was checked. */
  read(offset: bigint, limits: { end: bigint; maxBytes: number; minOneBatch: boolean }): Buffer {
    const read = (segment: LogSegment, end: number) => {
      const found = segment.read(offset, { ...limits, end });
      if (!found && end === segment.size) this.#damage.reportBehind(segment, offset);
      return found?.records;
    };
    return this.#ask(offset, read, limits.end) ?? EMPTY;
  }

  /** The first record at or after a time (ms) and at or after `from`; undefined when there is none. */
  async offsetForTimestamp(timestamp: bigint, from: bigint): Promise<TimestampOffset | undefined> {
    for (let offset = from; ; ) {
      const at = offset;
      const found = this.#ask(at, (segment, end) =>
        segment.largestTimestamp < timestamp ? undefined : segment.findByTimestamp(timestamp, at, end),
      );
      if (!found) return undefined;
      const batch = new RecordBatch(found.records);
      const record = await firstRecordAt(batch, timestamp, from, this.#opener);
      if (record) return record;
      // The one that is late enough lies before `from`.
      offset = found.nextOffset;
    }
  }

  /** The record with the largest timestamp at or after `from`; undefined when no record has one. */
  async offsetOfMaxTimestamp(from: bigint): Promise<TimestampOffset | undefined> {
    let largest: TimestampOffset | undefined;
    this.#ask(from, ({ largestTimestamp: timestamp, offsetOfLargestTimestamp: offset }) => {
      if (offset >= from && (!largest || timestamp > largest.timestamp)) largest = { timestamp, offset };
      return undefined;
    });
    if (!largest || largest.offset >= this.#ends.highWatermark.offset) return undefined;
    const end = this.#ends.highWatermark.offset;
    const batch = this.read(largest.offset, { end, maxBytes: 1, minOneBatch: true });
    if (batch.length === 0) return undefined;
    return firstRecordAt(new RecordBatch(batch), largest.timestamp, from, this.#opener);
  }

  /** Asks the segments from the one with `offset` on, up to `endOffset`, until one has an answer. */
  #ask<T>(
    offset: bigint,
    question: (segment: LogSegment, end: number) => T | undefined,
    endOffset = this.#ends.highWatermark.offset,
  ): T | undefined {
    if (offset >= endOffset) return undefined;
    const end = this.#endAt(endOffset);
    for (let index = this.#segments.floorIndex(offset); ; index++) {
      const segment = this.#segments.at(index);
      if (!segment || segment.baseOffset > end.segment.baseOffset) return undefined;
      try {
        const answer = question(segment, segment === end.segment ? end.position : segment.size);
        this.#damage.report(segment);
        if (answer !== undefined) return answer;
      } catch (error) {
        if (error instanceof ApiException) throw error;
        throw storageError(`Can't read ${segment.paths.log}: ${(error as Error).message}`, error);
      }
    }
  }

  /** The place of an offset at or before the high watermark, where a batch begins. */
  #endAt(offset: bigint): LogEnd {
    const { highWatermark } = this.#ends;
    if (offset >= highWatermark.offset) return highWatermark;
    const segment = this.#segments.at(this.#segments.floorIndex(offset))!;
    return { offset, segment, position: segment.positionOf(offset) };
  }
}
