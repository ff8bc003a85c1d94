import type { LogSegment } from './log-segment.ts';

/** The segments of a log, by base offset; there is always one. Java: `LogSegments`. */
export class SegmentList {
  readonly #segments: LogSegment[];

  constructor(segments: readonly LogSegment[]) {
    if (segments.length === 0) throw new RangeError('A log has at least one segment');
    this.#segments = [...segments];
  }

  get all(): readonly LogSegment[] {
    return this.#segments;
  }

  get count(): number {
    return this.#segments.length;
  }

  get first(): LogSegment {
    return this.#segments[0]!;
  }

  /** The one that is appended to. */
  get active(): LogSegment {
    return this.#segments.at(-1)!;
  }

  /** bytes */
  get size(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  add(segment: LogSegment): void {
    if (segment.baseOffset <= this.active.baseOffset) {
      throw new RangeError(`Segment ${segment.baseOffset} can't follow ${this.active.baseOffset}`);
    }
    this.#segments.push(segment);
  }

  /** One that begins before the active one. */
  insert(segment: LogSegment): void {
    this.#segments.push(segment);
    this.#segments.sort((a, b) => (a.baseOffset < b.baseOffset ? -1 : 1));
  }

  remove(segment: LogSegment): void {
    const index = this.#segments.indexOf(segment);
    if (index >= 0) this.#segments.splice(index, 1);
  }

  /** Of the last segment that begins at or before `offset`; 0 when all begin behind it. */
  floorIndex(offset: bigint): number {
    let [low, high] = [0, this.#segments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#segments[middle]!.baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  at(index: number): LogSegment | undefined {
    return this.#segments[index];
  }

  /** The offset before which all records of the segment were, also those that are lost; undefined for the active one. */
  recordsEndOf(segment: LogSegment): bigint | undefined {
    return this.#segments[this.#segments.indexOf(segment) + 1]?.recordsBeforeEnd;
  }

  /** Where the segment ends: the next one's base offset; undefined for the active one. */
  endOf(segment: LogSegment): bigint | undefined {
    return this.#segments[this.#segments.indexOf(segment) + 1]?.baseOffset;
  }
}
