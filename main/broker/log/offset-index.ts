export interface IndexEntry {
  /** of the last record of a batch, minus the segment's base offset */
  readonly relativeOffset: number;
  /** where that batch begins in the segment, bytes */
  readonly position: number;
}

const ENTRY_BYTES = 8;

/**
 * Kafka's `.index`: about one entry for each `index.interval.bytes` of a segment, both numbers int32, ascending. It is
 * kept in memory and saved when it is convenient: it can always be made again from the segment.
 */
export class OffsetIndex {
  #entries = new Int32Array(64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  append(relativeOffset: number, position: number): void {
    if ((this.#count + 1) * 2 > this.#entries.length) {
      const grown = new Int32Array(this.#entries.length * 2);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    this.#entries[this.#count * 2] = relativeOffset;
    this.#entries[this.#count * 2 + 1] = position;
    this.#count++;
  }

  /** The last entry whose batch ends at or before... the wanted offset; undefined: begin at the segment's start. */
  floor(relativeOffset: number): IndexEntry | undefined {
    return this.#entryAt(this.#lastWhere((entry) => this.#entries[entry * 2]! <= relativeOffset));
  }

  /** The last entry at or before a position. */
  floorByPosition(position: number): IndexEntry | undefined {
    return this.#entryAt(this.#lastWhere((entry) => this.#entries[entry * 2 + 1]! <= position));
  }

  last(): IndexEntry | undefined {
    return this.#entryAt(this.#count - 1);
  }

  /** Drops entries of batches that begin at or after `position`. */
  truncate(position: number): void {
    this.#count = this.#lastWhere((entry) => this.#entries[entry * 2 + 1]! < position) + 1;
  }

  /** Bytes of the file, from entry `from` on. */
  encode(from = 0): Buffer {
    const bytes = Buffer.allocUnsafe((this.#count - from) * ENTRY_BYTES);
    for (let i = from * 2, at = 0; i < this.#count * 2; i++, at += 4) bytes.writeInt32BE(this.#entries[i]!, at);
    return bytes;
  }

  /** Undefined when the bytes can't be the index of a segment of `segmentBytes`; trailing zeros are Kafka's reserve. */
  static decode(bytes: Buffer, segmentBytes: number): OffsetIndex | undefined {
    if (bytes.length % ENTRY_BYTES !== 0) return undefined;
    const index = new OffsetIndex();
    let [lastOffset, lastPosition] = [-1, -1];
    for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
      const [relativeOffset, position] = [bytes.readInt32BE(at), bytes.readInt32BE(at + 4)];
      if (relativeOffset === 0 && position === 0 && at > 0) break;
      if (relativeOffset <= lastOffset || position <= lastPosition || position >= segmentBytes) return undefined;
      index.append(relativeOffset, position);
      [lastOffset, lastPosition] = [relativeOffset, position];
    }
    return index;
  }

  #entryAt(entry: number): IndexEntry | undefined {
    if (entry < 0 || entry >= this.#count) return undefined;
    return { relativeOffset: this.#entries[entry * 2]!, position: this.#entries[entry * 2 + 1]! };
  }

  /** The last entry for which `holds` is true, given that it is true for a first part of them; -1 for none. */
  #lastWhere(holds: (entry: number) => boolean): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
