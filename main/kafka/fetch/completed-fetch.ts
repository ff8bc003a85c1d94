import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { CorruptRecordException } from '../../protocol/exceptions.ts';
import { controlRecordType } from '../../protocol/records/control-records.ts';
import { type RecordBatch, recordBatches } from '../../protocol/records/record-batch.ts';
import { decodeRecords, type Record } from '../../protocol/records/records.ts';
import type { FetchedRecords } from '../api.ts';

export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: bigint;
}

export interface CompletedFetchOptions {
  topic: string;
  partition: number;
  /** where the fetch began; batches may begin before it */
  fetchOffset: bigint;
  records: Buffer;
  /** read_committed: what the broker says was aborted in this stretch; null: everything is read */
  abortedTransactions: readonly AbortedTransaction[] | null;
  checkCrcs: boolean;
}

/**
 * The answer of one fetch for one partition, read batch by batch as it is polled. Control batches and (read_committed)
 * records of aborted transactions are passed over; offsets without a record are told as gaps. Java: `CompletedFetch`.
 */
export class CompletedFetch {
  readonly #topic: string;
  readonly #partition: number;
  readonly #batches: RecordBatch[] = [];
  readonly #checkCrcs: boolean;
  /** Aborted transactions that begin later, by first offset; null: no filter. */
  readonly #aborted: AbortedTransaction[] | null;
  readonly #abortedProducers = new Set<bigint>();
  /** Everything below is dealt with. */
  #position: bigint;
  #current: { batch: RecordBatch; records: Record[]; index: number } | null = null;
  /** Offset after the last whole batch: where the next fetch may begin before this one is read. */
  readonly nextFetchOffset: bigint;
  readonly sizeInBytes: number;

  /** @throws CorruptRecordException when the bytes begin with something else than a batch */
  constructor(options: CompletedFetchOptions) {
    this.#topic = options.topic;
    this.#partition = options.partition;
    this.#checkCrcs = options.checkCrcs;
    this.#position = options.fetchOffset;
    this.#aborted =
      options.abortedTransactions &&
      [...options.abortedTransactions].sort((a, b) =>
        a.firstOffset < b.firstOffset ? -1 : a.firstOffset > b.firstOffset ? 1 : 0,
      );
    this.sizeInBytes = options.records.length;
    let next = options.fetchOffset;
    for (const batch of recordBatches(options.records)) {
      // Offsets only rise. A batch that ends before the position is one that compaction left in front; skip it.
      if (batch.nextOffset <= next) continue;
      this.#batches.push(batch);
      next = batch.nextOffset;
    }
    this.nextFetchOffset = next;
  }

  get isExhausted(): boolean {
    return this.#batches.length === 0 && this.#current === null;
  }

  /** Next offset to be read. */
  get position(): bigint {
    return this.#position;
  }

  /**
   * Adds up to `max` records, and the gaps between them, to `into`; returns how many records.
   *
   * @throws CorruptRecordException naming the partition and the offset where reading stopped
   */
  read(max: number, into: FetchedRecords): number {
    let count = 0;
    while (count < max) {
      const current = (this.#current ??= this.#open(into));
      if (!current) break;
      const { batch, records } = current;
      const epoch = batch.partitionLeaderEpoch;
      const timestampType = batch.timestampType;
      while (count < max && current.index < records.length) {
        const record = records[current.index++] as Record;
        if (record.offset < this.#position) continue;
        this.#skipTo(record.offset, into);
        const consumed: ConsumerRecord = {
          topic: this.#topic,
          partition: this.#partition,
          offset: record.offset,
          timestamp: record.timestamp,
          timestampType,
          leaderEpoch: epoch < 0 ? null : epoch,
          key: record.key,
          value: record.value,
          headers: record.headers,
        };
        into.records.push(consumed);
        count++;
        this.#position = record.offset + 1n;
      }
      if (current.index >= records.length) {
        this.#skipTo(batch.nextOffset, into);
        this.#current = null;
      }
    }
    return count;
  }

  /** The next batch with records to be given out; those without are passed over. */
  #open(into: FetchedRecords): { batch: RecordBatch; records: Record[]; index: number } | null {
    for (;;) {
      const batch = this.#batches[0];
      if (!batch) return null;
      try {
        if (this.#checkCrcs) batch.ensureValid();
        if (batch.isControlBatch) {
          this.#endTransaction(batch);
          this.#passOver(batch, into);
          continue;
        }
        if (this.#isAborted(batch)) {
          this.#passOver(batch, into);
          continue;
        }
        const records = decodeRecords(batch);
        this.#batches.shift();
        return { batch, records, index: 0 };
      } catch (cause) {
        if (!(cause instanceof CorruptRecordException)) throw cause;
        const at = `${this.#topic}-${this.#partition}`;
        throw new CorruptRecordException(
          `Record batch for partition ${at} at offset ${batch.baseOffset} is invalid: ${cause.message}`,
          { key: at, hint: `Seek to offset ${batch.nextOffset} to go on behind it.`, cause },
        );
      }
    }
  }

  #passOver(batch: RecordBatch, into: FetchedRecords): void {
    this.#batches.shift();
    this.#skipTo(batch.baseOffset, into);
    this.#position = batch.nextOffset;
  }

  #isAborted(batch: RecordBatch): boolean {
    const aborted = this.#aborted;
    if (!aborted) return false;
    while (aborted[0] && aborted[0].firstOffset <= batch.lastOffset) {
      this.#abortedProducers.add((aborted.shift() as AbortedTransaction).producerId);
    }
    return batch.isTransactional && this.#abortedProducers.has(batch.producerId);
  }

  /** The abort marker ends what `abortedTransactions` announced: the producer's next transaction may commit. */
  #endTransaction(batch: RecordBatch): void {
    if (!this.#aborted) return;
    this.#isAborted(batch);
    const marker = decodeRecords(batch)[0];
    if (marker && controlRecordType(marker.key) === 'ABORT') this.#abortedProducers.delete(batch.producerId);
  }

  #skipTo(offset: bigint, into: FetchedRecords): void {
    if (offset <= this.#position) return;
    into.gaps.push({ topic: this.#topic, partition: this.#partition, from: this.#position, to: offset });
    this.#position = offset;
  }
}
