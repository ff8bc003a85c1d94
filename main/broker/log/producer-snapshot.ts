import { crc32c } from '../../protocol/records/crc32c.ts';
import type { ProducerEntry, ProducerState } from './producer-state.ts';

const VERSION = 1;
/** version int16, crc uint32, number of entries int32 */
const HEADER_BYTES = 10;
const CRC_START = 6;
/** id, epoch, last sequence, last offset, offset delta, timestamp, coordinator epoch, first offset of a transaction */
const ENTRY_BYTES = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;

/** Kafka's `.snapshot` (Java: `ProducersSnapshot`, version 1): each producer with its last batch. */
export function encodeProducerSnapshot(state: ProducerState): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + state.size * ENTRY_BYTES);
  bytes.writeInt16BE(VERSION, 0);
  bytes.writeInt32BE(state.size, CRC_START);
  let at = HEADER_BYTES;
  for (const entry of state.entries) {
    const last = entry.batches.at(-1);
    bytes.writeBigInt64BE(entry.producerId, at);
    bytes.writeInt16BE(entry.producerEpoch, at + 8);
    bytes.writeInt32BE(last?.lastSequence ?? -1, at + 10);
    bytes.writeBigInt64BE(last?.lastOffset ?? -1n, at + 14);
    bytes.writeInt32BE(last ? Number(last.lastOffset - last.firstOffset) : 0, at + 22);
    bytes.writeBigInt64BE(entry.lastTimestamp, at + 26);
    bytes.writeInt32BE(entry.coordinatorEpoch, at + 34);
    bytes.writeBigInt64BE(entry.currentTxnFirstOffset, at + 38);
    at += ENTRY_BYTES;
  }
  bytes.writeUInt32BE(crc32c(bytes, CRC_START), 2);
  return bytes;
}

/** Undefined when the bytes are not a whole and intact snapshot of a version that we know. */
export function decodeProducerSnapshot(bytes: Buffer): ProducerEntry[] | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readInt16BE(0) !== VERSION) return undefined;
  if (bytes.readUInt32BE(2) !== crc32c(bytes, CRC_START)) return undefined;
  const count = bytes.readInt32BE(CRC_START);
  if (bytes.length !== HEADER_BYTES + count * ENTRY_BYTES) return undefined;
  const entries: ProducerEntry[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    const lastOffset = bytes.readBigInt64BE(at + 14);
    const delta = bytes.readInt32BE(at + 22);
    const lastSequence = bytes.readInt32BE(at + 10);
    const timestamp = bytes.readBigInt64BE(at + 26);
    entries.push({
      producerId: bytes.readBigInt64BE(at),
      producerEpoch: bytes.readInt16BE(at + 8),
      coordinatorEpoch: bytes.readInt32BE(at + 34),
      currentTxnFirstOffset: bytes.readBigInt64BE(at + 38),
      lastTimestamp: timestamp,
      isRestored: true,
      batches:
        lastOffset < 0n
          ? []
          : [
              {
                firstSequence: firstSequenceOf(lastSequence, delta),
                lastSequence,
                firstOffset: lastOffset - BigInt(delta),
                lastOffset,
                timestamp,
              },
            ],
    });
  }
  return entries;
}

/** Sequences wrap from 2^31-1 to 0. */
function firstSequenceOf(lastSequence: number, delta: number): number {
  return lastSequence >= delta ? lastSequence - delta : 0x7fff_ffff - (delta - lastSequence) + 1;
}
