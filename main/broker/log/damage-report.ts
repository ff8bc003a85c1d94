import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { LogEnvironment } from './log-environment.ts';
import type { LogSegment } from './log-segment.ts';
import type { LogEnd } from './log-writer.ts';
import type { DamagedRange } from './segment-examination.ts';
import type { SegmentList } from './segment-list.ts';

export interface LogEnds {
  readonly highWatermark: LogEnd;
  /** Everything before it is in the files. */
  readonly writtenOffset: bigint;
}

/**
 * Tells once of each range of a log that is missing: what is damaged within its segments, and what a segment lacks at
 * its end. Exactly: an offset that can be read is in no range, one that is lost is in one.
 */
export class DamageReport {
  readonly #environment: LogEnvironment;
  readonly #topicPartition: TopicPartition;
  readonly #segments: SegmentList;
  readonly #ends: LogEnds;
  /** By place: the offset up to which it was told. */
  readonly #told = new Map<string, bigint>();
  readonly #ended = new WeakSet<LogSegment>();

  constructor(environment: LogEnvironment, topicPartition: TopicPartition, segments: SegmentList, ends: LogEnds) {
    this.#environment = environment;
    this.#topicPartition = topicPartition;
    this.#segments = segments;
    this.#ends = ends;
    for (const segment of segments.all) this.report(segment);
    // The start has found that the log ends too early, and begun a segment where it goes on.
    const last = segments.at(segments.count - 2);
    if (last && segments.active.size === 0) this.reportBehind(last, last.baseOffset);
  }

  /** What the examination of a segment has found so far. */
  report(segment: LogSegment): void {
    for (const range of segment.damaged) this.#report(segment, range);
  }

  /** What is missing between the last batch of a segment and the next segment, when a reader of `offset` gets there. */
  reportBehind(segment: LogSegment, offset: bigint): void {
    const next = this.#segments.endOf(segment);
    if (next === undefined || next <= offset || segment.gapsAllowed || this.#ended.has(segment)) return;
    const firstOffset = segment.findEnd() ?? segment.examine();
    this.report(segment);
    this.#ended.add(segment);
    const { size } = segment;
    if (segment.damaged.some(({ end, nextOffset }) => end === size && nextOffset === undefined)) return;
    this.#report(segment, {
      start: size,
      end: size,
      firstOffset,
      nextOffset: undefined,
      reason: `it ends there, and the next segment begins with offset ${next}`,
    });
  }

  #report(segment: LogSegment, range: DamagedRange): void {
    const { start, end, firstOffset, reason } = range;
    const place = `${segment.baseOffset} ${start}`;
    const told = this.#told.get(place);
    if (told !== undefined && told >= (range.nextOffset ?? told)) return;
    // What is appended to the active segment later is no part of it.
    const nextOffset = range.nextOffset ?? this.#segments.recordsEndOf(segment) ?? this.#ends.writtenOffset;
    this.#told.set(place, nextOffset);
    const { topic, partition } = this.#topicPartition;
    const name = topicPartitionKey(topic, partition);
    const file = segment.paths.log;
    const bytes = end - start;
    if (nextOffset <= firstOffset) {
      if (bytes === 0) return;
      this.#environment.logger.warn(
        `${bytes} bytes at byte ${start} of ${file} are not a record batch (${reason}): no record of ${name} is missing for it.`,
      );
      return;
    }
    this.#environment.onDamage({ topic, partition, firstOffset, nextOffset, file, bytes, reason });
    this.#environment.logger.error(
      `Records of ${name} are damaged: offsets from ${firstOffset} to before ${nextOffset} ` +
        `(${bytes} bytes at byte ${start} of ${file}: ${reason}). They stay in the file; readers go on behind them.`,
    );
  }
}
