import { readFileSync } from 'node:fs';
import { decodeProducerSnapshot } from '../../broker/log/producer-snapshot.ts';
import { crc32c } from '../../protocol/records/crc32c.ts';
import type { CommandContext } from '../command-context.ts';
import { CorruptIndexException } from './index-file.ts';
import type { LineOutput } from './line-output.ts';

const SNAPSHOT_VERSION = 1;
const SNAPSHOT_CRC_START = 6;

/** A `.snapshot` of the producers of a partition. Java: `DumpLogSegments.dumpProducerIdSnapshot`. */
export async function dumpProducerSnapshot(file: string, output: LineOutput, context: CommandContext): Promise<void> {
  const bytes = readFileSync(file);
  const entries = decodeProducerSnapshot(bytes);
  if (entries === undefined) {
    await output.flush();
    return context.tell(snapshotFault(bytes));
  }
  for (const entry of entries) {
    const { producerId, producerEpoch, coordinatorEpoch, currentTxnFirstOffset, lastTimestamp, batches } = entry;
    const first = currentTxnFirstOffset < 0n ? 'OptionalLong.empty' : `OptionalLong[${currentTxnFirstOffset}]`;
    const [batch] = batches;
    const ofBatch =
      batch === undefined
        ? ''
        : ` firstSequence: ${batch.firstSequence} lastSequence: ${batch.lastSequence} lastOffset: ${batch.lastOffset} offsetDelta: ${batch.lastOffset - batch.firstOffset} timestamp: ${batch.timestamp}`;
    await output.line(
      `producerId: ${producerId} producerEpoch: ${producerEpoch} coordinatorEpoch: ${coordinatorEpoch} currentTxnFirstOffset: ${first} lastTimestamp: ${lastTimestamp}${ofBatch}`,
    );
  }
}

/** Java: `CorruptSnapshotException`. */
function snapshotFault(bytes: Buffer): string {
  if (bytes.length < SNAPSHOT_CRC_START + 4) return 'Snapshot failed schema validation: it is cut short';
  const version = bytes.readInt16BE(0);
  if (version !== SNAPSHOT_VERSION) return `Snapshot contained an unknown file version ${version}`;
  const [stored, computed] = [bytes.readUInt32BE(2), crc32c(bytes, SNAPSHOT_CRC_START)];
  return stored === computed
    ? 'Snapshot failed schema validation: it has another length than its entries'
    : `Snapshot is corrupt (CRC is no longer valid). Stored crc: ${stored}. Computed crc: ${computed}`;
}

const TXN_VERSION = 0;
const TXN_ENTRY_BYTES = 34;

/** A `.txnindex`: transactions that were aborted. Java: `DumpLogSegments.dumpTxnIndex`. */
export async function dumpTransactionIndex(file: string, output: LineOutput): Promise<void> {
  const bytes = readFileSync(file);
  for (let at = 0; at + TXN_ENTRY_BYTES <= bytes.length; at += TXN_ENTRY_BYTES) {
    const version = bytes.readInt16BE(at);
    if (version !== TXN_VERSION) {
      throw new CorruptIndexException(
        `Unexpected aborted transaction version ${version} in transaction index ${file}, current version is ${TXN_VERSION}`,
      );
    }
    const [producerId, firstOffset, lastOffset, lastStableOffset] = [2, 10, 18, 26].map((of) =>
      bytes.readBigInt64BE(at + of),
    );
    await output.line(
      `version: ${version} producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}`,
    );
  }
}
