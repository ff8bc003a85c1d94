import type { ConsumeGap } from '../../common/kafka/consume.ts';
import { type PackedRecords, RecordPacker } from '../../common/kafka/packed-records.ts';
import type { ConsumerRecord } from '../../common/kafka/records.ts';

export interface BacklogLimits {
  batchRecords: number;
  batchBytes: number;
  /** How many full batches may wait for the window. */
  batches: number;
  previewBytes: number;
}

/** A batch in the making. */
class Block {
  readonly packer: RecordPacker;
  readonly gaps: ConsumeGap[] = [];
  /** What it holds, should it have to be dropped. Key: partition. */
  readonly ranges = new Map<number, { from: bigint; to: bigint; records: number }>();
  /** How far the reader had come by its end. */
  readonly positions = new Map<number, bigint>();

  constructor(topic: string, previewBytes: number) {
    this.packer = new RecordPacker(topic, previewBytes);
  }
}

/**
 * Matching records between the reader and the window, bounded. Full, it either makes the reader wait (`full`) or
 * drops its oldest batch, of which a gap with the offsets remains.
 */
export class Backlog {
  readonly #topic: string;
  readonly #limits: BacklogLimits;
  #blocks: Block[] = [];
  /** Gaps of what was dropped, before everything that is held; one a partition. */
  readonly #dropped = new Map<number, ConsumeGap>();
  readonly #positions = new Map<number, bigint>();
  #droppedRecords = 0;

  constructor(topic: string, limits: BacklogLimits) {
    this.#topic = topic;
    this.#limits = limits;
  }

  get empty(): boolean {
    return this.#blocks.length === 0 && this.#dropped.size === 0;
  }

  /** The next record needs a new batch and there may be no more: `add` would drop the oldest. */
  get full(): boolean {
    const last = this.#blocks.at(-1);
    return this.#blocks.length >= this.#limits.batches && last !== undefined && this.#isFull(last);
  }

  /** Matching records that were dropped, over the whole life. */
  get droppedRecords(): number {
    return this.#droppedRecords;
  }

  /** Offset after the last one that was taken, dropped or did not match; undefined before `advance` was called. */
  position(partition: number): bigint | undefined {
    return this.#positions.get(partition);
  }

  add(record: ConsumerRecord): void {
    const { packer, ranges } = this.#openBlock();
    packer.add(record);
    const range = ranges.get(record.partition);
    if (range) {
      range.to = record.offset + 1n;
      range.records++;
    } else ranges.set(record.partition, { from: record.offset, to: record.offset + 1n, records: 1 });
  }

  /** Offsets `[from, to)` at which Kafka has no record. */
  addAbsent(partition: number, from: bigint, to: bigint): void {
    const { gaps, packer } = this.#openBlock();
    gaps.push({ reason: 'absent', partition, from, to, records: 0, before: packer.count });
  }

  /** Everything before `position` has been read: what of it matches was added. */
  advance(partition: number, position: bigint): void {
    (this.#blocks.at(-1)?.positions ?? this.#positions).set(partition, position);
  }

  /** The oldest batch, and with it the gaps of everything that was dropped before it. */
  take(): { records: PackedRecords; gaps: ConsumeGap[] } {
    const block = this.#blocks.shift() ?? new Block(this.#topic, 0);
    const gaps = [...this.#dropped.values(), ...block.gaps];
    this.#dropped.clear();
    this.#pass(block);
    return { records: block.packer.pack(), gaps };
  }

  #openBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last && !this.#isFull(last)) return last;
    if (this.#blocks.length >= this.#limits.batches) this.#dropOldest();
    const block = new Block(this.#topic, this.#limits.previewBytes);
    this.#blocks.push(block);
    return block;
  }

  #isFull({ packer, gaps }: Block): boolean {
    return (
      packer.count >= this.#limits.batchRecords ||
      packer.bytes >= this.#limits.batchBytes ||
      gaps.length >= this.#limits.batchRecords
    );
  }

  #dropOldest(): void {
    const block = this.#blocks.shift();
    if (!block) return;
    this.#pass(block);
    // What Kafka does not have is inside the range of what was dropped around it, and is not worth a row then.
    for (const [partition, { from, to, records }] of block.ranges) {
      this.#droppedRecords += records;
      const gap = this.#dropped.get(partition);
      if (gap) {
        gap.to = to;
        gap.records += records;
      } else this.#dropped.set(partition, { reason: 'dropped', partition, from, to, records, before: 0 });
    }
  }

  #pass({ ranges, positions }: Block): void {
    const move = (partition: number, position: bigint) => {
      if (position > (this.#positions.get(partition) ?? -1n)) this.#positions.set(partition, position);
    };
    for (const [partition, { to }] of ranges) move(partition, to);
    for (const [partition, position] of positions) move(partition, position);
  }
}
