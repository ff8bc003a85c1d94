import { fetch, listOffsets } from '../../main/protocol/messages/index.ts';
import { recordBatches } from '../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../main/protocol/records/records.ts';
import type { Requests } from './in-process-broker.ts';

const EARLIEST = -2n;

export type Isolation = 'read_committed' | 'read_uncommitted';

export interface FoundRecord {
  offset: bigint;
  key: string | null;
  value: string;
}

export interface PartitionRecords {
  errorCode: number;
  records: FoundRecord[];
  /** `[firstOffset, nextOffset)` of each batch, control batches included. */
  batches: [bigint, bigint][];
  lastStableOffset: bigint;
  highWatermark: bigint;
}

/** What a consumer finds that reads a partition from an offset to its end; with `waitMs` it waits for the first byte. */
export async function readPartition(
  client: Requests,
  topic: string,
  partition: number,
  isolation: Isolation,
  { from = 0n, waitMs = 0 } = {},
): Promise<PartitionRecords> {
  const leftOut = new Set<bigint>();
  const records: FoundRecord[] = [];
  const batches: [bigint, bigint][] = [];
  for (let offset = from; ; ) {
    const answer = await client.request(fetch, 11, {
      replicaId: -1,
      maxWaitMs: offset === from ? waitMs : 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: isolation === 'read_committed' ? 1 : 0,
      topics: [{ topic, partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: 1_000_000 }] }],
    });
    const found = answer.responses[0]!.partitions[0]!;
    const { errorCode, abortedTransactions, lastStableOffset, highWatermark } = found;
    if (!found.records || found.records.length === 0) {
      return { errorCode, records, batches, lastStableOffset, highWatermark };
    }
    const aborted = [...(abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset));
    for (const batch of recordBatches(found.records)) {
      if (!batch.isValid) throw new Error(`A broken batch was delivered: ${topic}-${partition} at ${batch.baseOffset}`);
      while (aborted[0] && aborted[0].firstOffset <= batch.lastOffset) leftOut.add(aborted.shift()!.producerId);
      if (batch.isControlBatch) leftOut.delete(batch.producerId);
      else if (!batch.isTransactional || !leftOut.has(batch.producerId)) {
        for (const { offset: at, key, value } of decodeRecords(batch)) {
          if (at >= offset) records.push({ offset: at, key: key && String(key), value: String(value) });
        }
      }
      batches.push([batch.baseOffset, batch.nextOffset]);
      offset = batch.nextOffset;
    }
  }
}

/** Where the log of a partition begins. */
export async function earliestOffset(client: Requests, topic: string, partition: number): Promise<bigint> {
  const { topics } = await client.request(listOffsets, 5, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp: EARLIEST }] }],
  });
  return topics[0]!.partitions[0]!.offset;
}
