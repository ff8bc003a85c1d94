/**
 * Kafka's murmur2 (`org.apache.kafka.common.utils.Utils.murmur2`): a 32-bit hash with seed 0x9747b28c. Equal to Java's,
 * so that a key lands in the same partition whoever produces it.
 */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995;
  const length = data.length;
  let h = 0x9747b28c ^ length;
  const blocks = length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    let k =
      (data[i] as number) |
      ((data[i + 1] as number) << 8) |
      ((data[i + 2] as number) << 16) |
      ((data[i + 3] as number) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = length & 3;
  if (rest === 3) h ^= (data[blocks + 2] as number) << 16;
  if (rest >= 2) h ^= (data[blocks + 1] as number) << 8;
  if (rest >= 1) h = Math.imul(h ^ (data[blocks] as number), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/** Java: `BuiltInPartitioner.partitionForKey`. */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/**
 * Keyless records of a topic stay with one partition until `stickyBytes` are appended to it, then move to another
 * (KIP-794): full batches instead of many small ones. Partitions without a leader are passed over.
 */
export class StickyPartition {
  #partition = -1;
  #bytes = 0;
  #among: readonly number[] | undefined;
  readonly #stickyBytes: number;
  readonly #random: () => number;

  constructor(stickyBytes: number, random: () => number) {
    this.#stickyBytes = stickyBytes;
    this.#random = random;
  }

  /** `available`: the partitions that have a leader (all of them when none has); a new array when that changes. */
  choose(available: readonly number[]): number {
    if (this.#partition >= 0 && available === this.#among) return this.#partition;
    this.#among = available;
    if (this.#partition >= 0 && available.includes(this.#partition)) return this.#partition;
    this.#partition = available[Math.floor(this.#random() * available.length)] as number;
    this.#bytes = 0;
    return this.#partition;
  }

  appended(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= this.#stickyBytes) this.#partition = -1;
  }
}
