import type { Time } from '../../../common/time.ts';
import { Errors } from '../../protocol/messages/index.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import type { CoordinatorRecord, TransactionalProducer } from './coordinator-topic.ts';
import type { GroupLog } from './group-log.ts';
import { type CommittedOffset, offsetRecord } from './group-records.ts';
import { PendingOffsets } from './pending-offsets.ts';

export interface OffsetToCommit {
  topic: string;
  partition: number;
  offset: bigint;
  leaderEpoch: number;
  metadata: string | null;
}

export interface GroupOffsetsOptions {
  time: Time;
  log: GroupLog;
  /** The longest text beside an offset (`offset.metadata.max.bytes`). */
  maxMetadataLength: number;
}

/** The offsets that groups have committed. Java: `OffsetMetadataManager`. */
export class GroupOffsets {
  readonly committed = new CommittedOffsets();
  /** Of transactions that are open. */
  readonly pending = new PendingOffsets();
  readonly #options: GroupOffsetsOptions;

  constructor(options: GroupOffsetsOptions) {
    this.#options = options;
  }

  /** A record of the log, at a start; `producerId` of its transaction. */
  replay(
    { group, topic, partition }: { group: string; topic: string; partition: number },
    committed: CommittedOffset | null,
    producerId: bigint | null,
  ): void {
    if (producerId !== null && committed) this.pending.add(producerId, { group, topic, partition, committed });
    else if (committed) this.committed.set(group, topic, partition, committed);
    else this.committed.delete(group, topic, partition);
  }

  /**
   * Error code for each offset, in their order; NONE ones are durable when it resolves. `producer`: they hold when its
   * transaction is committed.
   */
  async commit(
    groupId: string,
    offsets: readonly OffsetToCommit[],
    producer?: TransactionalProducer,
  ): Promise<number[]> {
    const commitTimestamp = BigInt(this.#options.time.milliseconds());
    const codes = offsets.map(({ metadata }) =>
      (metadata ?? '').length > this.#options.maxMetadataLength ? Errors.OFFSET_METADATA_TOO_LARGE : Errors.NONE,
    );
    const accepted = offsets.filter((_, i) => codes[i] === Errors.NONE);
    if (accepted.length === 0) return codes;
    const entries = accepted.map(({ topic, partition, offset, leaderEpoch, metadata }) => ({
      topic,
      partition,
      committed: { offset, leaderEpoch, metadata: metadata ?? '', commitTimestamp },
    }));
    const records = entries.map(({ topic, partition, committed }) =>
      offsetRecord(groupId, topic, partition, committed),
    );
    if (!(await this.#options.log.append(groupId, records, producer))) {
      return codes.map((code) => (code === Errors.NONE ? Errors.COORDINATOR_NOT_AVAILABLE : code));
    }
    for (const { topic, partition, committed } of entries) {
      if (producer) this.pending.add(producer.producerId, { group: groupId, topic, partition, committed });
      else this.committed.set(groupId, topic, partition, committed);
    }
    return codes;
  }

  /** The marker of a transaction is in a partition of the log: what was pending there holds, or never was. */
  endTransaction(producerId: bigint, logPartition: number, committed: boolean): void {
    const ended = this.pending.take(producerId, (group) => this.#options.log.partitionFor(group) === logPartition);
    if (!committed) return;
    for (const { group, topic, partition, committed: offset } of ended) {
      this.committed.set(group, topic, partition, offset);
    }
  }

  /** Forgets them; returns the records of it, for `append`. Those that are not there have none. */
  forget(groupId: string, partitions: Iterable<{ topic: string; partition: number }>): CoordinatorRecord[] {
    return [...partitions]
      .filter(({ topic, partition }) => this.committed.delete(groupId, topic, partition))
      .map(({ topic, partition }) => offsetRecord(groupId, topic, partition, null));
  }

  /** A topic is gone: nobody's offsets in it mean anything any more. */
  async topicDeleted(topic: string): Promise<void> {
    for (const group of this.committed.groups()) {
      const records = this.forget(
        group,
        [...this.committed.of(group)].filter((entry) => entry.topic === topic),
      );
      if (records.length > 0) await this.#options.log.append(group, records);
    }
  }
}
