import type { ConsumeBatch, ConsumeGap } from '../../../common/kafka/consume.ts';
import { joinPacked, PackedIndex } from '../../../common/kafka/packed-index.ts';
import { type PackedRecords, packRecords, type RecordPreview } from '../../../common/kafka/packed-records.ts';

/** A line of the list: a record, or the place where records are missing. */
export type Row =
  | { readonly type: 'record'; readonly sequence: number; readonly record: RecordPreview }
  | { readonly type: 'gap'; readonly sequence: number; readonly gap: ConsumeGap };

/** Rows that don't change any more, numbered in the order of arrival. */
export interface RowRange {
  /** Sequence of the oldest row that is kept. */
  readonly start: number;
  /** Sequence after the newest row. */
  readonly end: number;
  row(sequence: number): Row | undefined;
}

/** Packs smaller than this are joined with the next, so that rare matches don't cost an object of columns each. */
const JOIN_BELOW = 256;

/**
 * The newest rows that a consumer brought, outside React and as they came over the port: taking in a batch costs the
 * same for one record and for five thousand. Bounded by rows and by bytes; the oldest go first.
 */
export class RecordRing implements RowRange {
  #chunks: Chunk[] = [];
  #start = 0;
  #end = 0;
  #bytes = 0;
  #fullOfBytes = false;
  #capacity: number;
  readonly #byteLimit: number;

  constructor(capacity: number, byteLimit: number) {
    this.#capacity = capacity;
    this.#byteLimit = byteLimit;
  }

  get start(): number {
    return this.#start;
  }
  get end(): number {
    return this.#end;
  }
  get capacity(): number {
    return this.#capacity;
  }
  /** True when bytes, not rows, are what made the oldest go. */
  get fullOfBytes(): boolean {
    return this.#fullOfBytes && this.#end - this.#start < this.#capacity;
  }

  set capacity(rows: number) {
    this.#capacity = rows;
    this.#evict();
  }

  add({ records, gaps }: Pick<ConsumeBatch, 'records' | 'gaps'>): void {
    if (records.count + gaps.length === 0) return;
    const last = this.#chunks.at(-1);
    if (last && last.length < JOIN_BELOW && records.count < JOIN_BELOW) {
      this.#bytes -= last.bytes;
      this.#chunks.pop();
      this.#push(last.joined(records, gaps));
    } else this.#push(new Chunk(this.#end, records, gaps));
    this.#evict();
  }

  row(sequence: number): Row | undefined {
    return sequence < this.#start || sequence >= this.#end ? undefined : rowIn(this.#chunks, sequence);
  }

  /** The rows as they are now; stays so while the ring goes on. Shares the packs: costs one small array. */
  snapshot(): RowRange {
    const chunks = this.#chunks.slice();
    const { start, end } = this;
    return {
      start,
      end,
      row: (sequence) => (sequence < start || sequence >= end ? undefined : rowIn(chunks, sequence)),
    };
  }

  /** Forgets every record that `keeps` refuses, and every gap. Sequences go on, so no row is mistaken for another. */
  retain(topic: string, keeps: (record: RecordPreview) => boolean): void {
    const kept: RecordPreview[] = [];
    for (let sequence = this.#start; sequence < this.#end; sequence++) {
      const row = this.row(sequence);
      if (row?.type === 'record' && keeps(row.record)) kept.push(row.record);
    }
    this.clear();
    this.add({ records: repack(topic, kept), gaps: [] });
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#fullOfBytes = false;
    this.#start = this.#end;
  }

  #push(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.bytes;
    this.#end = chunk.first + chunk.length;
  }

  #evict(): void {
    this.#start = Math.max(this.#start, this.#end - this.#capacity);
    let gone = 0;
    while (gone < this.#chunks.length - 1) {
      const oldest = this.#chunks[gone]!;
      const next = this.#chunks[gone + 1]!;
      const tooLarge = this.#bytes > this.#byteLimit;
      if (next.first > this.#start && !tooLarge) break;
      if (next.first > this.#start) this.#fullOfBytes = true;
      this.#start = Math.max(this.#start, next.first);
      this.#bytes -= oldest.bytes;
      gone++;
    }
    if (gone > 0) this.#chunks = this.#chunks.slice(gone);
  }
}

/** Keys and values keep their whole sizes though their bytes were cut before. */
function repack(topic: string, records: readonly RecordPreview[]): PackedRecords {
  const packed = packRecords(topic, records, Number.MAX_SAFE_INTEGER);
  records.forEach((record, index) => {
    if (record.key) packed.keySize[index] = record.keySize;
    if (record.value) packed.valueSize[index] = record.valueSize;
  });
  return packed;
}

function rowIn(chunks: readonly Chunk[], sequence: number): Row | undefined {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (chunks[middle]!.first <= sequence) low = middle;
    else high = middle - 1;
  }
  return chunks[low]?.row(sequence);
}

/** One batch, or several small ones joined; never changed. */
class Chunk {
  readonly first: number;
  readonly length: number;
  readonly bytes: number;
  readonly #records: PackedIndex;
  /** Sorted by the record they stand before. */
  readonly #gaps: readonly ConsumeGap[];

  constructor(first: number, records: PackedRecords, gaps: readonly ConsumeGap[]) {
    this.first = first;
    this.#records = new PackedIndex(records);
    this.#gaps = gaps;
    this.length = records.count + gaps.length;
    // 40 bytes of columns a record, and what an entry costs around it.
    this.bytes = records.bytes.length + 64 * this.length;
  }

  joined(records: PackedRecords, gaps: readonly ConsumeGap[]): Chunk {
    const { packed } = this.#records;
    const moved = gaps.map((gap) => ({ ...gap, before: gap.before + packed.count }));
    return new Chunk(this.first, joinPacked(packed, records), [...this.#gaps, ...moved]);
  }

  row(sequence: number): Row {
    let index = sequence - this.first;
    let gapsBefore = 0;
    for (const gap of this.#gaps) {
      const at = gap.before + gapsBefore;
      if (at === index) return { type: 'gap', sequence, gap };
      if (at > index) break;
      gapsBefore++;
    }
    index -= gapsBefore;
    return { type: 'record', sequence, record: this.#records.record(index) };
  }
}
