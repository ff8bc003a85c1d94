import type { SourceMap, SourceRecord } from '../api/records.ts';
import { canonicalSourceMap } from '../api/source-map.ts';

/** A source record on its way; `ack` once it is safe in Kafka or dropped for good. */
export interface SubmittedRecord {
  ack(): void;
}

/**
 * Which source offsets may be stored: one is committable when its record and every earlier one of the same source
 * partition is acknowledged. Partitions don't wait for each other. Java: `SubmittedRecords`; here the head of a
 * partition moves at each acknowledgement, so that only what is unacknowledged is held.
 */
export class SubmittedRecords {
  readonly #partitions = new Map<string, PartitionRecords>();
  /** Partitions that have moved since the last `takeCommittable`. */
  readonly #moved = new Set<PartitionRecords>();
  /** Most sources hand out the same object for a partition again and again. */
  #last: PartitionRecords | null = null;
  #lastPartition: SourceMap | null = null;
  #unacknowledged = 0;

  /** Records that are submitted and not acknowledged. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  submit(record: SourceRecord): SubmittedRecord {
    const partition = this.#recordsOf(record.sourcePartition);
    const entry = new Entry(partition, record.sourceOffset);
    partition.entries.push(entry);
    this.#unacknowledged++;
    return entry;
  }

  /** The newest committable offset of each partition that has one since the last call. */
  takeCommittable(): { partition: SourceMap; offset: SourceMap }[] {
    const result: { partition: SourceMap; offset: SourceMap }[] = [];
    for (const { partition, committable } of this.#moved)
      if (committable !== null) result.push({ partition, offset: committable });
    this.#moved.clear();
    for (const [key, records] of this.#partitions) {
      // Sources with ever new partitions (a file each) must not fill the memory.
      if (records.idle && records !== this.#last) this.#partitions.delete(key);
    }
    return result;
  }

  #recordsOf(partition: SourceMap): PartitionRecords {
    if (partition === this.#lastPartition && this.#last !== null) return this.#last;
    const key = canonicalSourceMap(partition);
    let records = this.#partitions.get(key);
    if (records === undefined) {
      records = new PartitionRecords(partition, (moved) => {
        this.#unacknowledged--;
        if (moved !== null) this.#moved.add(moved);
      });
      this.#partitions.set(key, records);
    }
    this.#last = records;
    this.#lastPartition = partition;
    return records;
  }
}

class Entry implements SubmittedRecord {
  readonly offset: SourceMap;
  acknowledged = false;
  readonly #partition: PartitionRecords;

  constructor(partition: PartitionRecords, offset: SourceMap) {
    this.#partition = partition;
    this.offset = offset;
  }

  ack(): void {
    if (this.acknowledged) return;
    this.acknowledged = true;
    this.#partition.acknowledged();
  }
}

/** The records of one source partition in their order: a queue whose head moves over what is acknowledged. */
class PartitionRecords {
  readonly partition: SourceMap;
  readonly entries: Entry[] = [];
  committable: SourceMap | null = null;
  readonly #onAcknowledged: (moved: PartitionRecords | null) => void;
  #head = 0;

  constructor(partition: SourceMap, onAcknowledged: (moved: PartitionRecords | null) => void) {
    this.partition = partition;
    this.#onAcknowledged = onAcknowledged;
  }

  get idle(): boolean {
    return this.entries.length === 0;
  }

  acknowledged(): void {
    let head = this.#head;
    while (head < this.entries.length && (this.entries[head] as Entry).acknowledged) head++;
    const moved = head > this.#head;
    if (moved) {
      this.committable = (this.entries[head - 1] as Entry).offset;
      this.#dropBefore(head);
    }
    this.#onAcknowledged(moved ? this : null);
  }

  /** Cuts the array only now and then: cutting it each time would copy the rest each time. */
  #dropBefore(head: number): void {
    if (head === this.entries.length) this.entries.length = 0;
    else if (head > 1_024 && head * 2 > this.entries.length) this.entries.splice(0, head);
    else {
      this.#head = head;
      return;
    }
    this.#head = 0;
  }
}
