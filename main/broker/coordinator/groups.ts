import { ClassicGroup, type ClassicGroupEnvironment } from './classic-group.ts';
import { ConsumerGroup, type ConsumerGroupEnvironment } from './consumer-group.ts';
import { type ConsumerGroupRecord, deletes } from './consumer-group-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import type { WholeGeneration } from './generations.ts';
import { groupRecord, type StoredGroup } from './group-records.ts';
import { readGeneration } from './stored-generation.ts';

export type Group = ClassicGroup | ConsumerGroup;

/** Every group that is there, each of one of the two protocols. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #classic: ClassicGroupEnvironment;
  readonly #consumer: ConsumerGroupEnvironment;

  constructor(classic: ClassicGroupEnvironment, consumer: ConsumerGroupEnvironment) {
    this.#classic = classic;
    this.#consumer = consumer;
  }

  get(groupId: string): Group | undefined {
    return this.#groups.get(groupId);
  }

  classic(groupId: string): ClassicGroup | undefined {
    const group = this.#groups.get(groupId);
    return group instanceof ClassicGroup ? group : undefined;
  }

  consumer(groupId: string): ConsumerGroup | undefined {
    const group = this.#groups.get(groupId);
    return group instanceof ConsumerGroup ? group : undefined;
  }

  ids(): string[] {
    return [...this.#groups.keys()];
  }

  /** It is not there yet: `put`. */
  newClassic(groupId: string, from?: WholeGeneration): ClassicGroup {
    return new ClassicGroup(groupId, this.#classic, from);
  }

  /** It is not there yet: `put`. */
  newConsumer(groupId: string): ConsumerGroup {
    return new ConsumerGroup(groupId, this.#consumer);
  }

  /** In the place of what has the id by now, which the caller has closed. */
  put(group: Group): void {
    this.#groups.set(group.groupId, group);
  }

  /** Returns the records that delete it, which has no members. */
  delete(groupId: string): CoordinatorRecord[] {
    const group = this.#groups.get(groupId);
    group?.close();
    this.#groups.delete(groupId);
    if (!group) return [];
    return group instanceof ConsumerGroup ? group.tombstones() : [groupRecord(groupId, null)];
  }

  /**
   * A record of the log, at a start, in the order of the log. What is there of the other protocol is what the group was
   * before; only what deletes something of it comes later.
   */
  replayClassic(groupId: string, stored: StoredGroup | null): void {
    if (!stored && this.consumer(groupId)) return;
    this.#groups.get(groupId)?.close();
    this.#groups.delete(groupId);
    if (stored) this.put(this.newClassic(groupId, readGeneration(stored)));
  }

  replayConsumer(record: ConsumerGroupRecord): void {
    const { groupId } = record;
    const group = this.consumer(groupId);
    if (group && record.kind === 'epoch' && record.epoch === null) this.#groups.delete(groupId);
    else if (group) group.replay(record);
    else if (!deletes(record)) {
      this.#groups.get(groupId)?.close();
      const made = this.newConsumer(groupId);
      made.replay(record);
      this.put(made);
    }
  }

  /** After everything was replayed: members have their session time to come back; of a group that is too large some don’t. */
  resume(): void {
    for (const group of this.#groups.values()) {
      if (group instanceof ConsumerGroup) group.resume();
      else if (group.members.length > this.#classic.maxSize) group.rebalance();
    }
  }

  close(): void {
    for (const group of this.#groups.values()) group.close();
  }
}
