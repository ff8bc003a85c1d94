import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { BatchOpener } from './batch-opener.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { type CompactionRules, compacted, LastOffsets, mapKeys } from './compaction.ts';
import type { LogFile } from './file-system.ts';
import type { LogSegment } from './log-segment.ts';
import type { OpenFiles } from './open-files.ts';
import type { PartitionLog } from './partition-log.ts';
import { CLEANED_SUFFIX, SWAP_SUFFIX } from './segment-files.ts';
import type { BatchPlace } from './segment-indexes.ts';
import { isNoSpace } from './storage-errors.ts';

/** Keys that one pass remembers, about 100 bytes each; the rest waits for the next pass. */
const MAX_KEYS = 500_000;
const WRITE_BYTES = 1024 * 1024;
const MAX_RELATIVE_OFFSET = 0x7fff_ffffn;

export interface LogCleanerOptions {
  readonly files: OpenFiles;
  readonly time: Time;
  readonly logger: Logger;
  readonly opener: BatchOpener;
  /** `cleaner-offset-checkpoint` */
  readonly checkpoint: CheckpointFile;
}

/** Sealed segments of a log and how much of them was never compacted. */
interface Cleanable {
  readonly log: PartitionLog;
  readonly segments: readonly LogSegment[];
  readonly firstDirty: bigint;
  readonly ratio: number;
}

/**
 * Keeps the newest record of each key in topics with `cleanup.policy=compact`. New segments are written beside the old
 * ones and take their place by a rename; a crash leaves the one or the other (Java: `LogCleaner`, `Cleaner`). It
 * works in small steps between other work, one log at a time.
 */
export class LogCleaner {
  readonly #options: LogCleanerOptions;
  /** Where in each log the records begin that were never compacted. A log that is in it may have gaps. */
  readonly #firstDirty = new Map<string, bigint>();
  readonly #uncleanable = new WeakSet<PartitionLog>();
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: LogCleanerOptions) {
    this.#options = options;
    const known = options.checkpoint.read();
    // Without it everything is looked at again: the result is the same.
    if (!known) options.logger.warn(`${options.checkpoint.path} can't be read: compacted topics are compacted anew.`);
    for (const { topic, partition, offset } of known ?? []) {
      this.#firstDirty.set(topicPartitionKey(topic, partition), offset);
    }
  }

  /** Whether the log of a partition was ever compacted: then offsets may be missing between its batches. */
  hasCleaned(topic: string, partition: number): boolean {
    return this.#firstDirty.has(topicPartitionKey(topic, partition));
  }

  forget(topic: string, partition: number): void {
    this.#firstDirty.delete(topicPartitionKey(topic, partition));
  }

  /** Compacts what is dirty enough, the dirtiest first. One run at a time; errors are logged. */
  run(logs: Iterable<PartitionLog>): Promise<void> {
    this.#running ??= this.#clean([...logs]).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when the run that is under way has ended, soon. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #clean(logs: readonly PartitionLog[]): Promise<void> {
    const due = logs
      .map((log) => this.#cleanableNow(log))
      .filter((each) => each !== undefined)
      .sort((a, b) => b.ratio - a.ratio);
    for (const cleanable of due) {
      if (this.#stopped) return;
      const { topic, partition } = cleanable.log.topicPartition;
      try {
        await this.#compact(cleanable);
      } catch (error) {
        // A full disk passes; what can't be read does not.
        if (!isNoSpace(error)) this.#uncleanable.add(cleanable.log);
        const until = isNoSpace(error) ? 'until there is space' : 'until the next start';
        this.#options.logger.error(`${topicPartitionKey(topic, partition)} is not compacted ${until}`, error);
        return;
      }
    }
  }

  /** What can't be read now may be readable at the next run. */
  #cleanableNow(log: PartitionLog): Cleanable | undefined {
    try {
      return this.#cleanable(log);
    } catch (error) {
      const { topic, partition } = log.topicPartition;
      this.#options.logger.warn(`${topicPartitionKey(topic, partition)} is passed over by the cleaner`, error);
      return undefined;
    }
  }

  #cleanable(log: PartitionLog): Cleanable | undefined {
    if (!log.config.isCompacted || log.isClosed || log.failure || this.#uncleanable.has(log)) return undefined;
    const now = BigInt(this.#options.time.milliseconds());
    const { minCompactionLagMs, maxCompactionLagMs, minCleanableDirtyRatio } = log.config;
    const sealed = log.sealedSegments;
    const tooYoung = sealed.findIndex(({ largestTimestamp }) => largestTimestamp > now - minCompactionLagMs);
    const segments = minCompactionLagMs > 0n && tooYoung >= 0 ? sealed.slice(0, tooYoung) : sealed;
    const key = topicPartitionKey(log.topicPartition.topic, log.topicPartition.partition);
    const known = this.#firstDirty.get(key) ?? 0n;
    const firstDirty = known > log.logStartOffset ? known : log.logStartOffset;
    const bytes = segments.reduce((sum, { size }) => sum + size, 0);
    const dirtySegments = segments.filter(({ baseOffset }) => baseOffset >= firstDirty);
    const dirty = dirtySegments.reduce((sum, { size }) => sum + size, 0);
    if (dirty === 0) return undefined;
    const oldest = dirtySegments[0]?.firstTimestamp() ?? now;
    if (dirty / bytes < minCleanableDirtyRatio && now - oldest <= maxCompactionLagMs) return undefined;
    return { log, segments, firstDirty, ratio: dirty / bytes };
  }

  async #compact({ log, segments, firstDirty }: Cleanable): Promise<void> {
    // Known before the first gap is there.
    await this.#remember(log, firstDirty);
    const map = new LastOffsets(MAX_KEYS);
    const dirty = segments.filter((_, i) => (segments[i + 1]?.baseOffset ?? firstDirty + 1n) > firstDirty);
    const isAborted = (batch: RecordBatch) => log.isAborted(batch);
    const mappedTo = await mapKeys(dirty, firstDirty, map, isAborted, this.#options.opener);
    const rules: CompactionRules = {
      map,
      mappedTo,
      now: BigInt(this.#options.time.milliseconds()),
      tombstonesMs: log.config.deleteRetentionMs,
      isLastOfProducer: (batch) => log.isLastOfProducer(batch),
      isAborted,
      opener: this.#options.opener,
      withRecords: new Set(),
    };
    for (const group of groupsOf(segments, log.config.segmentBytes)) {
      if (this.#stopped || log.isClosed) return;
      await this.#compactGroup(log, group, rules);
    }
    await this.#remember(log, mappedTo);
  }

  async #remember(log: PartitionLog, firstDirty: bigint): Promise<void> {
    const { topic, partition } = log.topicPartition;
    const key = topicPartitionKey(topic, partition);
    if (this.#firstDirty.get(key) === firstDirty) return;
    this.#firstDirty.set(key, firstDirty);
    await this.#options.checkpoint.write(
      [...this.#firstDirty].map(([name, offset]) => {
        const dash = name.lastIndexOf('-');
        return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)), offset };
      }),
    );
  }

  async #compactGroup(log: PartitionLog, group: readonly LogSegment[], rules: CompactionRules): Promise<void> {
    const { fileSystem } = this.#options.files;
    const path = group[0]!.paths.log;
    const cleaned = path + CLEANED_SUFFIX;
    const places: BatchPlace[] = [];
    const file = fileSystem.open(cleaned, 'create');
    let size: number;
    try {
      file.truncate(0);
      size = await this.#write(file, group, rules, places);
      await file.sync();
    } catch (error) {
      file.close();
      fileSystem.removeFile(cleaned);
      throw error;
    }
    file.close();
    if (size === group.reduce((sum, each) => sum + each.size, 0)) {
      fileSystem.removeFile(cleaned);
      return;
    }
    fileSystem.rename(cleaned, path + SWAP_SUFFIX);
    await fileSystem.syncDirectory(log.directory);
    if (!log.replaceSegments(group, path + SWAP_SUFFIX, places)) {
      fileSystem.removeFile(path + SWAP_SUFFIX);
    }
    await fileSystem.syncDirectory(log.directory);
  }

  async #write(
    file: LogFile,
    group: readonly LogSegment[],
    rules: CompactionRules,
    places: BatchPlace[],
  ): Promise<number> {
    let chunks: Buffer[] = [];
    let [written, pending] = [0, 0];
    const flush = () => {
      file.write(chunks, written);
      [written, pending, chunks] = [written + pending, 0, []];
    };
    for (const segment of group) {
      for await (const bytes of compacted(segment, rules)) {
        const { lastOffset, maxTimestamp } = new RecordBatch(bytes);
        places.push({ position: written + pending, size: bytes.length, lastOffset, maxTimestamp });
        chunks.push(bytes);
        pending += bytes.length;
        if (pending >= WRITE_BYTES) flush();
      }
    }
    if (pending > 0) flush();
    return written;
  }
}

/** Neighbours that together fit into one segment become one. */
function groupsOf(segments: readonly LogSegment[], maxBytes: number): LogSegment[][] {
  const groups: LogSegment[][] = [];
  let bytes = 0;
  for (const [i, segment] of segments.entries()) {
    const group = groups.at(-1);
    const end = segments[i + 1]?.baseOffset ?? segment.baseOffset + MAX_RELATIVE_OFFSET;
    if (group && bytes + segment.size <= maxBytes && end - group[0]!.baseOffset <= MAX_RELATIVE_OFFSET) {
      group.push(segment);
      bytes += segment.size;
    } else {
      groups.push([segment]);
      bytes = segment.size;
    }
  }
  return groups;
}
