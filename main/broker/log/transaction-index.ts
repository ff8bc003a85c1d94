/** A transaction that was aborted, as a consumer of committed records is told of it. Java: `AbortedTxn`. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  /** of its first record */
  readonly firstOffset: bigint;
  /** of its marker; when that is lost, of the last record that is lost with it */
  readonly lastOffset: bigint;
  /** of the partition when the marker was written: nothing before it is undecided */
  readonly lastStableOffset: bigint;
}

const VERSION = 0;
const ENTRY_BYTES = 2 + 4 * 8;

/** Bytes of Kafka's `.txnindex`: the aborted transactions whose markers are in a segment. Java: `TransactionIndex`. */
export function encodeTransactionIndex(entries: readonly AbortedTransaction[]): Buffer {
  const bytes = Buffer.alloc(entries.length * ENTRY_BYTES);
  entries.forEach((entry, i) => {
    const at = i * ENTRY_BYTES;
    bytes.writeInt16BE(VERSION, at);
    bytes.writeBigInt64BE(entry.producerId, at + 2);
    bytes.writeBigInt64BE(entry.firstOffset, at + 10);
    bytes.writeBigInt64BE(entry.lastOffset, at + 18);
    bytes.writeBigInt64BE(entry.lastStableOffset, at + 26);
  });
  return bytes;
}

/** Undefined when the bytes can't be the index of a segment that holds the offsets from `start` to before `end`. */
export function decodeTransactionIndex(bytes: Buffer, start: bigint, end: bigint): AbortedTransaction[] | undefined {
  if (bytes.length % ENTRY_BYTES !== 0) return undefined;
  const entries: AbortedTransaction[] = [];
  let last = start - 1n;
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const entry: AbortedTransaction = {
      producerId: bytes.readBigInt64BE(at + 2),
      firstOffset: bytes.readBigInt64BE(at + 10),
      lastOffset: bytes.readBigInt64BE(at + 18),
      lastStableOffset: bytes.readBigInt64BE(at + 26),
    };
    const { firstOffset, lastOffset } = entry;
    if (bytes.readInt16BE(at) !== VERSION || lastOffset < last || lastOffset >= end) return undefined;
    if (firstOffset < 0n || firstOffset >= lastOffset) return undefined;
    entries.push(entry);
    last = lastOffset;
  }
  return entries;
}
