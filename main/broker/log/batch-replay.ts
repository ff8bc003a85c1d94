import { type RecordBatch, recordBatches } from '../../protocol/records/record-batch.ts';
import type { SegmentList } from './segment-list.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The batches from the one that holds `from` to the one before `to`, in order. What is damaged is not among them. */
export function* replayBatches(segments: SegmentList, from: bigint, to: bigint): Generator<RecordBatch> {
  let offset = from;
  for (let index = segments.floorIndex(from); ; index++) {
    const segment = segments.at(index);
    if (!segment) return;
    for (;;) {
      const read = segment.read(offset, { end: segment.size, maxBytes: CHUNK_BYTES, minOneBatch: true });
      if (!read) break;
      for (const batch of recordBatches(read.records)) {
        if (batch.baseOffset >= to) return;
        yield batch;
      }
      offset = read.nextOffset;
    }
  }
}
