import { basename, join } from 'node:path';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { BatchScanner } from './batch-scanner.ts';
import type { LogConfig } from './log-config.ts';
import type { LogEnvironment } from './log-environment.ts';
import { LogSegment, type SegmentOptions } from './log-segment.ts';
import { ProducerLog, removeSnapshots } from './producer-log.ts';
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_SUFFIX,
  offsetOfFileName,
  SWAP_SUFFIX,
  segmentPaths,
} from './segment-files.ts';
import { SegmentList } from './segment-list.ts';
import { noteUnused } from './unused-offsets.ts';

export interface LogToOpen {
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly config: LogConfig;
  /** Everything before it was synced once. 0 when that is not known. */
  readonly recoveryPoint: bigint;
  /** The last stop was a clean one: the log ends at the recovery point. */
  readonly isClean: boolean;
  /** From the checkpoint; 0 when there is none. */
  readonly logStartOffset: bigint;
  readonly isNew: boolean;
  /** It was compacted once: offsets may be missing between batches. */
  readonly hasGaps: boolean;
  /** It is opened again in the same life, after its disk failed. */
  readonly reopening?: {
    /** From here on everything is checked, also what was synced once. */
    readonly verifyFrom: bigint;
    /** Consumers saw what lies before it. */
    readonly visibleOffset: bigint;
  };
}

export interface OpenedLog {
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly config: LogConfig;
  readonly segments: SegmentList;
  readonly producers: ProducerLog;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  /** The directory's own name may not be durable yet. */
  readonly isNew: boolean;
}

/**
 * Opens the log of a partition as the last process left it. After a clean stop the end alone is looked at; else
 * everything from the recovery point on is checked, and what a crash tore at the very end is cut off.
 */
export function loadLog(environment: LogEnvironment, toOpen: LogToOpen): OpenedLog {
  return new LogLoader(environment, toOpen).load();
}

class LogLoader {
  readonly #environment: LogEnvironment;
  readonly #toOpen: LogToOpen;
  readonly #name: string;

  constructor(environment: LogEnvironment, toOpen: LogToOpen) {
    this.#environment = environment;
    this.#toOpen = toOpen;
    this.#name = topicPartitionKey(toOpen.topicPartition.topic, toOpen.topicPartition.partition);
  }

  load(): OpenedLog {
    const { topicPartition, directory, config, isNew, reopening } = this.#toOpen;
    if (!isNew) this.#finishWhatACrashLeft();
    const bases = isNew ? [] : this.#baseOffsets();
    const segments = new SegmentList(
      bases.length === 0
        ? [LogSegment.create(this.#options(this.#toOpen.logStartOffset))]
        : bases.map((baseOffset) => LogSegment.open(this.#options(baseOffset))),
    );
    const endOffset = this.#findEnd(segments);
    const producers = new ProducerLog(this.#environment, { topicPartition, directory, segments });
    producers.load(endOffset);
    const start = this.#toOpen.logStartOffset;
    const first = segments.first.baseOffset;
    const logStartOffset = start > endOffset ? endOffset : start > first ? start : first;
    return {
      topicPartition,
      directory,
      config,
      segments,
      producers,
      logStartOffset,
      endOffset,
      isNew: isNew || reopening !== undefined,
    };
  }

  #options(baseOffset: bigint): SegmentOptions {
    const { directory, config } = this.#toOpen;
    return {
      files: this.#environment.files,
      directory,
      baseOffset,
      indexIntervalBytes: config.indexIntervalBytes,
      gapsAllowed: config.isCompacted || this.#toOpen.hasGaps,
    };
  }

  #baseOffsets(): bigint[] {
    return this.#environment.files.fileSystem
      .list(this.#toOpen.directory)
      .map((name) => offsetOfFileName(name, LOG_SUFFIX))
      .filter((offset) => offset !== undefined)
      .sort((a, b) => (a < b ? -1 : 1));
  }

  /**
   * As Kafka's `LogLoader`: what was to be deleted is, output of an unfinished cleaning is dropped, output of a
   * finished one takes its place.
   */
  #finishWhatACrashLeft(): void {
    const { fileSystem } = this.#environment.files;
    const { directory } = this.#toOpen;
    for (const name of fileSystem.list(directory)) {
      const path = join(directory, name);
      if (name.endsWith(DELETED_SUFFIX) || name.endsWith(CLEANED_SUFFIX)) fileSystem.removeFile(path);
      else if (name.endsWith(SWAP_SUFFIX)) this.#finishSwap(path);
    }
  }

  /** The file has what is left of the segments whose offsets it covers: they go, it takes its place. */
  #finishSwap(swap: string): void {
    const { fileSystem } = this.#environment.files;
    const target = swap.slice(0, -SWAP_SUFFIX.length);
    const baseOffset = offsetOfFileName(basename(target), LOG_SUFFIX);
    if (baseOffset === undefined) return;
    const file = fileSystem.open(swap, 'read');
    const end = file.size();
    const scanner = new BatchScanner(file, { start: 0, end, offset: baseOffset, gapsAllowed: true, verify: true });
    let scanned = scanner.next();
    while (scanned?.kind === 'batch') scanned = scanner.next();
    file.close();
    if (scanned?.kind === 'fault') {
      this.#environment.logger.error(
        `${swap} is damaged (${scanned.reason} at byte ${scanned.position}): it is left alone, and so are the segments that it was made of.`,
      );
      fileSystem.rename(swap, `${swap}.damaged`);
      return;
    }
    const next = scanner.expectedOffset ?? baseOffset;
    const { directory } = this.#toOpen;
    const covered = this.#baseOffsets()
      .filter((offset) => offset >= baseOffset && offset < next)
      .map((offset) => segmentPaths(directory, offset));
    if (covered.some(({ txnIndex }) => fileSystem.exists(txnIndex))) removeSnapshots(fileSystem, directory);
    for (const path of covered.flatMap((paths) => Object.values(paths))) {
      if (fileSystem.exists(path)) fileSystem.removeFile(path);
    }
    fileSystem.rename(swap, target);
  }

  /** Returns the offset that the next record gets. */
  #findEnd(segments: SegmentList): bigint {
    const { topicPartition, recoveryPoint, isClean, isNew, reopening } = this.#toOpen;
    if (isNew && recoveryPoint === 0n) return segments.active.baseOffset;
    const clean = isClean ? segments.active.findEnd() : undefined;
    const end = clean === recoveryPoint ? clean : this.#recover(segments);
    const reserved = isClean || reopening ? undefined : this.#environment.reservations.endOf(topicPartition);
    const next = [end, recoveryPoint, reserved ?? reopening?.visibleOffset ?? 0n].reduce((a, b) => (a > b ? a : b));
    if (next === end) return end;
    // Offsets before `next` were given away once, and nobody may find other records under them.
    this.#environment.logger.warn(
      reserved === next
        ? `${this.#name} goes on at offset ${next}: those from ${end} on may have been read before the crash, as its flush.messages lets nobody wait for the disk.`
        : `${this.#name} ends at offset ${end}, but it went up to ${next} once: it goes on there.`,
    );
    const { active } = segments;
    if (active.baseOffset < next) {
      active.saveIndexes(true);
      if (reserved === next) this.#noteUnused(next, end > recoveryPoint ? end : recoveryPoint);
      segments.add(LogSegment.create(this.#options(next)));
    }
    return next;
  }

  #noteUnused(baseOffset: bigint, firstOffset: bigint): void {
    const { unused } = segmentPaths(this.#toOpen.directory, baseOffset);
    noteUnused(this.#environment.files.fileSystem, unused, firstOffset);
  }

  /** Checks what lies behind the recovery point; returns the offset after the last good batch. */
  #recover(segments: SegmentList): bigint {
    const { recoveryPoint, reopening } = this.#toOpen;
    const verifyFrom = reopening?.verifyFrom ?? recoveryPoint;
    let end = segments.active.baseOffset;
    let isSynced = true;
    for (let index = segments.floorIndex(verifyFrom); index < segments.count; index++) {
      const segment = segments.at(index)!;
      const isLast = index === segments.count - 1;
      const from = verifyFrom > segment.baseOffset ? segment.positionNear(verifyFrom) : 0;
      end = segment.examine(from);
      const tail = segment.damaged.at(-1);
      // A tail that holds offsets which were synced once is damage, not a crash's doing: it stays.
      if (isLast && tail && tail.end === segment.size && tail.start < tail.end && end >= recoveryPoint) {
        segment.truncate(tail.start);
        this.#environment.logger.warn(
          `${this.#name}: cut ${tail.end - tail.start} bytes behind the last whole record batch (offset ${end}, byte ${tail.start} of ${segment.paths.log}: ${tail.reason}). They were never acknowledged as stored.`,
        );
      }
      if (segment.size === from) continue;
      segment.saveIndexes(!isLast);
      segment.syncNow();
      isSynced = false;
    }
    if (!isSynced) this.#environment.files.fileSystem.syncDirectoryNow(this.#toOpen.directory);
    return end;
  }
}
