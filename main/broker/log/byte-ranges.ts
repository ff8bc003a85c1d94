/** Which stretches of a file have been looked at; stretches that touch become one. */
export class ByteRanges {
  /** Sorted, apart: start, end, start, end… */
  #bounds: number[] = [];

  /** Marks `[start, end)`. */
  add(start: number, end: number): void {
    if (start >= end) return;
    const bounds = this.#bounds;
    const last = bounds.length - 1;
    // Reading and writing mostly go on where they stopped.
    if (last > 0 && bounds[last] === start) {
      bounds[last] = end;
      return;
    }
    const merged: number[] = [];
    let [from, to] = [start, end];
    for (let i = 0; i < bounds.length; i += 2) {
      const [otherFrom, otherTo] = [bounds[i]!, bounds[i + 1]!];
      if (otherTo < from || otherFrom > to) merged.push(otherFrom, otherTo);
      else [from, to] = [Math.min(from, otherFrom), Math.max(to, otherTo)];
    }
    let at = 0;
    while (at < merged.length && merged[at]! < from) at += 2;
    merged.splice(at, 0, from, to);
    this.#bounds = merged;
  }

  covers(start: number, end: number): boolean {
    const bounds = this.#bounds;
    for (let i = 0; i < bounds.length; i += 2) {
      if (bounds[i]! <= start && end <= bounds[i + 1]!) return true;
    }
    return false;
  }

  /** Forgets everything from `position` on. */
  truncate(position: number): void {
    const kept: number[] = [];
    for (let i = 0; i < this.#bounds.length; i += 2) {
      const [from, to] = [this.#bounds[i]!, this.#bounds[i + 1]!];
      if (from < position) kept.push(from, Math.min(to, position));
    }
    this.#bounds = kept;
  }
}
