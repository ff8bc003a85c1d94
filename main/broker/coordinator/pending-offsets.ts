import type { CommittedOffset } from './group-records.ts';

export interface PendingOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: CommittedOffset;
}

/** Offsets that were committed within transactions which are still open, by producer and in their order. */
export class PendingOffsets {
  readonly #byProducer = new Map<bigint, PendingOffset[]>();

  add(producerId: bigint, offset: PendingOffset): void {
    const offsets = this.#byProducer.get(producerId);
    if (offsets) offsets.push(offset);
    else this.#byProducer.set(producerId, [offset]);
  }

  /** Takes out those of a producer whose group `ends` its transaction now. */
  take(producerId: bigint, ends: (group: string) => boolean): PendingOffset[] {
    const offsets = this.#byProducer.get(producerId) ?? [];
    const left = offsets.filter(({ group }) => !ends(group));
    if (left.length > 0) this.#byProducer.set(producerId, left);
    else this.#byProducer.delete(producerId);
    return offsets.filter(({ group }) => ends(group));
  }

  /** Whether an open transaction has an offset for the partition. */
  has(group: string, topic: string, partition: number): boolean {
    for (const offsets of this.#byProducer.values()) {
      if (offsets.some((each) => each.group === group && each.topic === topic && each.partition === partition))
        return true;
    }
    return false;
  }

  hasGroup(group: string): boolean {
    for (const offsets of this.#byProducer.values()) if (offsets.some((each) => each.group === group)) return true;
    return false;
  }
}
