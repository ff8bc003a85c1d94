import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { PartitionLog } from '../log/partition-log.ts';

/** Decision 24: all topics together. */
const MAX_TOTAL_BYTES = 10 * 1024 * 1024 * 1024;
const JUMP_MS = 3_600_000;

/** Removes old segments: by the topics' time and size, and the oldest of all when the folder grows beyond its bound. */
export class Retention {
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #maxTotalBytes: number;
  #lastWall: number;
  #lastMonotonic: number;

  constructor(time: Time, logger: Logger, maxTotalBytes = MAX_TOTAL_BYTES) {
    this.#time = time;
    this.#logger = logger;
    this.#maxTotalBytes = maxTotalBytes;
    this.#lastWall = time.milliseconds();
    this.#lastMonotonic = time.hiResMilliseconds();
  }

  check(logs: readonly PartitionLog[]): void {
    const most = this.#clockJumped() ? 1 : Number.POSITIVE_INFINITY;
    for (const log of logs) {
      if (log.failure || !log.config.isDeleted) continue;
      let removed = 0;
      while (removed < most && this.#removeExpired(log)) removed += 1;
    }
    this.#keepTotal(logs);
  }

  /** After the wall clock leapt by more than an hour, a check takes one segment a log at most: the leap may be an error. */
  #clockJumped(): boolean {
    const [wall, monotonic] = [this.#time.milliseconds(), this.#time.hiResMilliseconds()];
    const jump = wall - this.#lastWall - (monotonic - this.#lastMonotonic);
    [this.#lastWall, this.#lastMonotonic] = [wall, monotonic];
    if (Math.abs(jump) <= JUMP_MS) return false;
    this.#logger.warn(
      `The clock moved by ${Math.round(jump / 60_000)} minutes: retention goes slowly until the next check.`,
    );
    return true;
  }

  #removeExpired(log: PartitionLog): boolean {
    const { retentionMs, retentionBytes } = log.config;
    const oldest = log.segments[0];
    if (!oldest || oldest.size === 0) return false;
    const tooOld = retentionMs !== null && Number(oldest.largestTimestamp) < this.#time.milliseconds() - retentionMs;
    const tooLarge = retentionBytes !== null && log.size - oldest.size >= retentionBytes;
    if (!tooOld && !tooLarge) return false;
    // The active segment is left alone by size; by age it makes room for an empty one first, as in Kafka.
    if (log.segments.length === 1) {
      if (!tooOld) return false;
      log.roll();
    }
    return this.#remove(log);
  }

  #keepTotal(logs: readonly PartitionLog[]): void {
    let total = logs.reduce((sum, log) => sum + log.size, 0);
    while (total > this.#maxTotalBytes) {
      const candidates = logs.filter((log) => log.config.isDeleted && !log.config.isCompacted && log.oldestRemovable);
      const oldest = candidates.sort((a, b) => Number(timeOf(a) - timeOf(b)))[0];
      if (!oldest) return;
      const { topic, partition } = oldest.topicPartition;
      const bytes = oldest.oldestRemovable?.size ?? 0;
      this.#logger.warn(
        `All topics together are larger than ${this.#maxTotalBytes} bytes: ${bytes} bytes of the oldest records of ${topicPartitionKey(topic, partition)} are removed.`,
      );
      if (!this.#remove(oldest)) return;
      total -= bytes;
    }
  }

  #remove(log: PartitionLog): boolean {
    if (!log.oldestRemovable) return false;
    log.removeOldest();
    return true;
  }
}

function timeOf(log: PartitionLog): bigint {
  return log.oldestRemovable?.largestTimestamp ?? 0n;
}
