import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { ClockLeaps } from '../clock-leaps.ts';
import type { LogSegment } from '../log/log-segment.ts';
import type { PartitionLog } from '../log/partition-log.ts';

/**
 * Removes old segments: by the topics' time and size, and the oldest of all when the folder grows beyond its bound. A
 * wall clock that leapt may be wrong, and what is removed does not come back: then time takes one segment a check.
 */
export class Retention {
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #maxTotalBytes: number | null;
  readonly #leaps: ClockLeaps;
  #isCautious = false;

  /** `maxTotalBytes`: of all topics that may lose records; null: no bound. */
  constructor(time: Time, logger: Logger, maxTotalBytes: number | null) {
    this.#time = time;
    this.#logger = logger;
    this.#maxTotalBytes = maxTotalBytes;
    this.#leaps = new ClockLeaps(time);
  }

  check(logs: Iterable<PartitionLog>): void {
    const deletable = [...logs].filter((log) => !log.failure && !log.isClosed && log.config.isDeleted);
    this.#lookAtClock();
    this.#removeExpired(deletable);
    for (const log of deletable) removeTooLarge(log);
    if (this.#maxTotalBytes !== null) this.#keepTotal(deletable, this.#maxTotalBytes);
  }

  #lookAtClock(): void {
    const leap = this.#leaps.look();
    if (leap === 0 || this.#isCautious) return;
    this.#isCautious = true;
    this.#logger.warn(
      `The clock leapt ahead by ${Math.round(leap / 60_000)} minutes (or the machine slept). In case it is wrong, ` +
        'old records are removed one segment a check until none is left to remove, and for a day no offsets of groups and ' +
        'no producers are forgotten for their age.',
    );
  }

  #removeExpired(logs: readonly PartitionLog[]): void {
    const now = this.#time.milliseconds();
    let removed = 0;
    for (const log of logs) {
      while (isExpired(log, now)) {
        if (this.#isCautious && removed > 0) return;
        // The active segment makes room for an empty one first.
        if (log.segments.length === 1) log.roll();
        if (!log.oldestRemovable) break;
        log.removeOldest();
        removed++;
      }
    }
    this.#isCautious = false;
  }

  #keepTotal(logs: readonly PartitionLog[], maxTotalBytes: number): void {
    let total = logs.reduce((sum, log) => sum + log.size, 0);
    while (total > maxTotalBytes) {
      let [oldest, age]: [PartitionLog | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
      for (const log of logs) {
        const segment = log.config.isCompacted ? undefined : log.oldestRemovable;
        if (segment && timeOf(segment) < age) [oldest, age] = [log, timeOf(segment)];
      }
      if (!oldest) return;
      const { topic, partition } = oldest.topicPartition;
      const bytes = oldest.oldestRemovable?.size ?? 0;
      this.#logger.warn(
        `All topics together have ${total} bytes, the bound is ${maxTotalBytes} (runnel.log.retention.total.bytes): ` +
          `the oldest ${bytes} bytes of ${topicPartitionKey(topic, partition)} are removed.`,
      );
      oldest.removeOldest();
      total -= bytes;
    }
  }
}

function isExpired(log: PartitionLog, now: number): boolean {
  const oldest = log.segments[0];
  const isEmpty = log.segments.length === 1 && oldest?.size === 0;
  if (!oldest || isEmpty || log.config.retentionMs === null) return false;
  return now - timeOf(oldest) > log.config.retentionMs;
}

function removeTooLarge(log: PartitionLog): void {
  const { retentionBytes } = log.config;
  if (retentionBytes === null) return;
  for (let oldest = log.oldestRemovable; oldest; oldest = log.oldestRemovable) {
    if (log.size - oldest.size < retentionBytes) return;
    log.removeOldest();
  }
}

/** Of the segment's latest record, ms; without timestamps that of its last write. */
function timeOf(segment: LogSegment): number {
  const largest = segment.largestTimestamp;
  return largest >= 0n ? Number(largest) : segment.modified;
}
