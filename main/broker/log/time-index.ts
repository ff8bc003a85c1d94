export interface TimeIndexEntry {
  /** ms since 1970 UTC: the largest of the segment up to and including the batch */
  readonly timestamp: bigint;
  /** of the last record of the batch with that timestamp, minus the segment's base offset */
  readonly relativeOffset: number;
}

const ENTRY_BYTES = 12;

/** Kafka's `.timeindex`: an entry beside one of the offset index where the largest timestamp has grown. */
export class TimeIndex {
  #timestamps = new BigInt64Array(32);
  #offsets = new Int32Array(32);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Entries that don't ascend are left out, as Kafka's `maybeAppend` does. */
  append(timestamp: bigint, relativeOffset: number): void {
    if (this.#count > 0) {
      if (timestamp <= this.#timestamps[this.#count - 1]!) return;
      if (relativeOffset <= this.#offsets[this.#count - 1]!) return;
    }
    if (this.#count === this.#offsets.length) {
      const timestamps = new BigInt64Array(this.#count * 2);
      timestamps.set(this.#timestamps);
      const offsets = new Int32Array(this.#count * 2);
      offsets.set(this.#offsets);
      [this.#timestamps, this.#offsets] = [timestamps, offsets];
    }
    this.#timestamps[this.#count] = timestamp;
    this.#offsets[this.#count] = relativeOffset;
    this.#count++;
  }

  last(): TimeIndexEntry | undefined {
    return this.#entryAt(this.#count - 1);
  }

  /** The last entry with a timestamp before the given one: no record up to it is as late. */
  before(timestamp: bigint): TimeIndexEntry | undefined {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timestamps[middle]! < timestamp) low = middle + 1;
      else high = middle;
    }
    return this.#entryAt(low - 1);
  }

  /** Drops entries for offsets at or after the given one. */
  truncate(relativeOffset: number): void {
    while (this.#count > 0 && this.#offsets[this.#count - 1]! >= relativeOffset) this.#count--;
  }

  encode(from = 0): Buffer {
    const bytes = Buffer.allocUnsafe((this.#count - from) * ENTRY_BYTES);
    for (let i = from, at = 0; i < this.#count; i++, at += ENTRY_BYTES) {
      bytes.writeBigInt64BE(this.#timestamps[i]!, at);
      bytes.writeInt32BE(this.#offsets[i]!, at + 8);
    }
    return bytes;
  }

  /** Undefined when the bytes can't be a time index. */
  static decode(bytes: Buffer): TimeIndex | undefined {
    if (bytes.length % ENTRY_BYTES !== 0) return undefined;
    const index = new TimeIndex();
    for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
      const [timestamp, relativeOffset] = [bytes.readBigInt64BE(at), bytes.readInt32BE(at + 8)];
      if (timestamp === 0n && relativeOffset === 0 && at > 0) break;
      const before = index.#count;
      if (relativeOffset < 0) return undefined;
      index.append(timestamp, relativeOffset);
      if (index.#count === before) return undefined;
    }
    return index;
  }

  #entryAt(entry: number): TimeIndexEntry | undefined {
    if (entry < 0 || entry >= this.#count) return undefined;
    return { timestamp: this.#timestamps[entry]!, relativeOffset: this.#offsets[entry]! };
  }
}
