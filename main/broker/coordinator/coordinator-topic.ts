import type { Time } from '../../../common/time.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import { recordBatches } from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';
import { decodeMarker, type TransactionMarker } from '../log/transaction-marker.ts';
import type { Topic, Topics } from '../metadata/topics.ts';

const READ_BYTES = 1024 * 1024;

/** A record of a coordinator; a null value deletes. */
export interface CoordinatorRecord {
  key: Buffer;
  value: Buffer | null;
}

/** Whose transaction records belong to. */
export interface TransactionalProducer {
  producerId: bigint;
  producerEpoch: number;
}

/** What is told at a start, in the order of each partition. */
export interface CoordinatorReplay {
  /** `producerId`: of the transaction that it belongs to, null outside of one. */
  record(key: Buffer, value: Buffer | null, producerId: bigint | null): void;
  marker(marker: TransactionMarker, partition: number): void;
}

/** A topic in which a coordinator keeps its state, as Kafka does; made when the first record comes. */
export class CoordinatorTopic {
  readonly name: string;
  readonly #topics: Topics;
  readonly #time: Time;
  readonly #numPartitions: number;
  #creating: Promise<Topic> | undefined;

  constructor(name: string, topics: Topics, time: Time, numPartitions: number) {
    this.name = name;
    this.#topics = topics;
    this.#time = time;
    this.#numPartitions = numPartitions;
  }

  /** The partition that a group's or transactional id's records go to. */
  partitionFor(id: string): number {
    return partitionFor(id, this.#topics.get(this.name)?.logs.length ?? this.#numPartitions);
  }

  /** Resolves when the records are durable; rejects when they can't be written. All of them go to the id's partition. */
  async append(id: string, records: readonly CoordinatorRecord[], producer?: TransactionalProducer): Promise<void> {
    const topic = await this.#ensureThere();
    const log = topic.logs[this.partitionFor(id)];
    if (!log) throw new ApiException(Errors.COORDINATOR_NOT_AVAILABLE);
    const timestamp = BigInt(this.#time.milliseconds());
    const batch = encodeRecordBatch(
      records.map(({ key, value }) => ({ key, value, headers: [], timestamp })),
      { baseOffset: 0n, ...(producer && { ...producer, transactional: true }) },
    );
    await log.appendInternal(batch).committed.wait();
  }

  /** Hands everything that is there to `replay`. */
  load(replay: CoordinatorReplay): void {
    for (const [partition, log] of (this.#topics.get(this.name)?.logs ?? []).entries()) {
      let offset = log.logStartOffset;
      while (offset < log.highWatermark) {
        const bytes = log.read(offset, READ_BYTES, true);
        if (bytes.length === 0) break;
        for (const batch of recordBatches(bytes)) {
          offset = batch.nextOffset;
          if (batch.isControlBatch) {
            const marker = decodeMarker(batch);
            if (marker) replay.marker(marker, partition);
            continue;
          }
          const producerId = batch.isTransactional ? batch.producerId : null;
          for (const { key, value } of decodeRecords(batch)) {
            if (key) replay.record(asBuffer(key), value && asBuffer(value), producerId);
          }
        }
      }
    }
  }

  /** Whether the topic is there, or could be made: a disk that fails or is full does not let it be. */
  isThere(): Promise<boolean> {
    return this.#ensureThere().then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof ApiException)) throw error;
        return false;
      },
    );
  }

  /** The topic, made when it is not there. */
  async #ensureThere(): Promise<Topic> {
    const topic = this.#topics.get(this.name);
    if (topic) return topic;
    this.#creating ??= this.#topics.create(this.name, this.#numPartitions, new Map()).finally(() => {
      this.#creating = undefined;
    });
    return this.#creating;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Java: `Utils.abs(id.hashCode()) % partitions`. */
export function partitionFor(id: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0;
  return (hash === -2147483648 ? 0 : Math.abs(hash)) % partitions;
}
