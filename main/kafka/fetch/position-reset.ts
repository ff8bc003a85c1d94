import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { FetchedRecords } from '../api.ts';
import { isRetriable } from '../errors.ts';
import { policyText } from '../settings/auto-offset-reset.ts';
import type { FetchedPartition } from './fetched-partition.ts';
import { lookUpResetOffsets, type ResetLookupOptions } from './reset-lookup.ts';

export interface PositionResetOptions extends ResetLookupOptions {
  logger: Logger;
  seek(partition: FetchedPartition, offset: bigint): void;
  /** It is tried again later. */
  backOff(partition: FetchedPartition): void;
}

/**
 * Finds where partitions go on whose offset is not there (any more), all that need it in one request. What is passed over
 * is told with its count: it is gone, and someone may miss it.
 */
export class PositionReset {
  readonly #options: PositionResetOptions;
  #running = false;

  constructor(options: PositionResetOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** Returns the gaps that it made. Rejects with what can't be helped by trying again. */
  async run(partitions: readonly FetchedPartition[]): Promise<FetchedRecords['gaps']> {
    this.#running = true;
    try {
      return await this.#run(partitions);
    } finally {
      this.#running = false;
    }
  }

  async #run(partitions: readonly FetchedPartition[]): Promise<FetchedRecords['gaps']> {
    const wanted = partitions.map((partition) => ({ partition, era: partition.era }));
    const gaps: FetchedRecords['gaps'] = [];
    try {
      const found = await lookUpResetOffsets(this.#options, partitions);
      for (const { partition, era } of wanted) {
        const offset = found.get(topicPartitionKey(partition.topic, partition.partition))?.offset;
        // Sought elsewhere meanwhile.
        if (partition.era !== era || !partition.needsReset || offset === undefined) continue;
        this.#move(partition, offset, gaps);
      }
    } catch (error) {
      for (const { partition } of wanted) this.#options.backOff(partition);
      const absent = error instanceof ApiException && error.errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION;
      if (!isRetriable(error) && !absent) throw error;
    }
    return gaps;
  }

  #move(partition: FetchedPartition, offset: bigint, gaps: FetchedRecords['gaps']): void {
    const { topic, partition: number, position: from } = partition;
    this.#options.seek(partition, offset);
    if (from === null || from === offset) return;
    const policy = `auto.offset.reset=${policyText(this.#options.policy)}`;
    const at = topicPartitionKey(topic, number);
    if (offset > from) {
      gaps.push({ topic, partition: number, from, to: offset });
      this.#options.logger.warn(
        `Offset ${from} of ${at} is out of range: ${offset - from} offsets are passed over, reading goes on at ${offset} (${policy})`,
      );
    } else {
      this.#options.logger.warn(
        `Offset ${from} of ${at} is out of range: the partition ends before it, reading goes on at ${offset} (${policy})`,
      );
    }
  }
}
