import type { CommittedOffset } from './group-records.ts';

/** Committed offsets in memory, by group, topic and partition. */
export class CommittedOffsets {
  readonly #groups = new Map<string, Map<string, Map<number, CommittedOffset>>>();

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(topic)?.get(partition);
  }

  set(group: string, topic: string, partition: number, committed: CommittedOffset): void {
    let topics = this.#groups.get(group);
    if (!topics) this.#groups.set(group, (topics = new Map()));
    let partitions = topics.get(topic);
    if (!partitions) topics.set(topic, (partitions = new Map()));
    partitions.set(partition, committed);
  }

  delete(group: string, topic: string, partition: number): boolean {
    const topics = this.#groups.get(group);
    const partitions = topics?.get(topic);
    const was = partitions?.delete(partition) ?? false;
    if (partitions?.size === 0) topics?.delete(topic);
    if (topics?.size === 0) this.#groups.delete(group);
    return was;
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  groups(): string[] {
    return [...this.#groups.keys()];
  }

  topics(group: string): string[] {
    return [...(this.#groups.get(group)?.keys() ?? [])];
  }

  *of(group: string): Generator<{ topic: string; partition: number; committed: CommittedOffset }> {
    for (const [topic, partitions] of this.#groups.get(group) ?? []) {
      for (const [partition, committed] of partitions) yield { topic, partition, committed };
    }
  }
}
