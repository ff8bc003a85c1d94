import { PackedIndex } from '../../common/kafka/packed-index.ts';
import type { PackedRecords, RecordPreview } from '../../common/kafka/packed-records.ts';

/** Every record of a pack, read as the window reads them. */
export function unpackRecords(packed: PackedRecords): RecordPreview[] {
  const index = new PackedIndex(packed);
  return Array.from({ length: index.count }, (_, i) => index.record(i));
}
