import type { RecordPreview } from '../../../common/kafka/packed-records.ts';
import type { RecordRing, Row, RowRange } from './record-ring.ts';
import { everyNth, type MovingList, nextStride } from './sampling.ts';

/**
 * What the list shows of the ring. While it follows, it moves with the ring and may show every n-th row; once someone
 * looks at a row, scrolls or pauses, it stands still and shows all that the ring held at that moment.
 */
export class RecordList {
  readonly #ring: RecordRing;
  #still: RowRange | undefined;
  #stride = 1;
  #selected: { sequence: number; record: RecordPreview } | undefined;

  constructor(ring: RecordRing) {
    this.#ring = ring;
  }

  get following(): boolean {
    return this.#still === undefined;
  }
  /** Matches behind one row. */
  get stride(): number {
    return this.#still ? 1 : this.#stride;
  }
  /** Rows that arrived since the list stands still. */
  get newRows(): number {
    return this.#still ? this.#ring.end - this.#still.end : 0;
  }
  get selected(): { sequence: number; record: RecordPreview } | undefined {
    return this.#selected;
  }

  /** Sequence by index, newest first. */
  get order(): MovingList {
    return everyNth(this.#still ?? this.#ring, this.stride);
  }

  row(sequence: number): Row | undefined {
    return (this.#still ?? this.#ring).row(sequence);
  }

  rate(matchesPerSecond: number): void {
    this.#stride = nextStride(this.#stride, matchesPerSecond);
  }

  follow(): void {
    this.#still = undefined;
  }

  /** Stands still with what the ring holds now. */
  hold(): void {
    this.#still ??= this.#ring.snapshot();
  }

  /** Opens a record beside the list. Gaps have nothing to open. */
  select(sequence: number): void {
    const row = this.row(sequence);
    if (row?.type !== 'record') return;
    this.hold();
    this.#selected = { sequence, record: row.record };
  }

  /** The next record down (1) or up (-1) from the selected one; from the top when that has left the list. */
  step(direction: 1 | -1): void {
    this.hold();
    const { count, sequence } = this.order;
    const newest = count === 0 ? -1 : sequence(0);
    const from = this.#selected?.sequence;
    let index = from === undefined || from > newest || from <= newest - count ? -1 : newest - from;
    if (index === -1 && direction === -1) return;
    for (index += direction; index >= 0 && index < count; index += direction) {
      if (this.row(sequence(index))?.type !== 'record') continue;
      this.select(sequence(index));
      return;
    }
  }

  deselect(): void {
    this.#selected = undefined;
  }
}
