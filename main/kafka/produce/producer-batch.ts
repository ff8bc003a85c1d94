import type { RecordMetadata } from '../../../common/kafka/records.ts';
import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';
import { encodeRecordBatch, type RecordToEncode } from '../../protocol/records/encode-records.ts';
import { RECORD_BATCH_OVERHEAD } from '../../protocol/records/record-batch.ts';
import type { ProducerCallback } from '../api.ts';

export interface ProducerIdAndEpoch {
  producerId: bigint;
  epoch: number;
}

/**
 * Records of one partition that travel together. They are encoded when they leave, not when they come: a batch that
 * the broker finds too large can be split, and one whose producer epoch changed gets new sequence numbers.
 */
export class ProducerBatch {
  readonly topic: string;
  readonly partition: number;
  /** Monotonic ms; `linger.ms` and `delivery.timeout.ms` count from here. */
  readonly createdMs: number;
  /** Upper bound of the encoded size without compression. */
  sizeInBytes = RECORD_BATCH_OVERHEAD;
  attempts = 0;
  /** Monotonic ms before which it is not tried again. */
  retryAtMs = 0;
  /** What the broker tells a repeated batch by; null until it leaves, and always without idempotence. */
  identity: (ProducerIdAndEpoch & { sequence: number }) | null = null;
  /** How many batches of its partition were numbered before it. */
  turn = 0;
  readonly #records: RecordToEncode[] = [];
  readonly #callbacks: (ProducerCallback | undefined)[] = [];
  readonly #waiters: (() => void)[] = [];
  #encoded: Buffer | null = null;

  constructor(topic: string, partition: number, createdMs: number) {
    this.topic = topic;
    this.partition = partition;
    this.createdMs = createdMs;
  }

  get recordCount(): number {
    return this.#records.length;
  }

  append(record: RecordToEncode, sizeBound: number, callback: ProducerCallback | undefined): void {
    this.#records.push(record);
    this.#callbacks.push(callback);
    this.sizeInBytes += sizeBound;
  }

  /** Called once when the batch is acknowledged or has failed for good. */
  whenDone(waiter: () => void): void {
    this.#waiters.push(waiter);
  }

  identify(identity: (ProducerIdAndEpoch & { sequence: number }) | null): void {
    this.identity = identity;
    this.#encoded = null;
  }

  encode(compression: CompressionType, compressionLevel?: number): Buffer {
    this.#encoded ??= encodeRecordBatch(this.#records, {
      compression,
      compressionLevel,
      producerId: this.identity?.producerId,
      producerEpoch: this.identity?.epoch,
      baseSequence: this.identity?.sequence,
    });
    return this.#encoded;
  }

  /** Two batches of half the records each, for a batch that is larger than the topic takes. Needs two records. */
  split(sizeBound: (record: RecordToEncode) => number): [ProducerBatch, ProducerBatch] {
    const halves: [ProducerBatch, ProducerBatch] = [
      new ProducerBatch(this.topic, this.partition, this.createdMs),
      new ProducerBatch(this.topic, this.partition, this.createdMs),
    ];
    const middle = Math.ceil(this.#records.length / 2);
    this.#records.forEach((record, i) => {
      halves[i < middle ? 0 : 1].append(record, sizeBound(record), this.#callbacks[i]);
    });
    // Whoever waits for this batch waits for its last half; halves are acknowledged in order.
    for (const waiter of this.#waiters) halves[1].whenDone(waiter);
    return halves;
  }

  /** `baseOffset` -1: unknown (acks=0, or a duplicate that the broker no longer remembers). */
  complete(baseOffset: bigint, logAppendTime: bigint): void {
    this.#settle((callback, i) => {
      const metadata: RecordMetadata = {
        topic: this.topic,
        partition: this.partition,
        offset: baseOffset < 0n ? -1n : baseOffset + BigInt(i),
        timestamp: logAppendTime >= 0n ? logAppendTime : (this.#records[i] as RecordToEncode).timestamp,
      };
      callBack(callback, metadata, null);
    });
  }

  fail(error: Error): void {
    this.#settle((callback) => callBack(callback, null, error));
  }

  #settle(call: (callback: ProducerCallback, index: number) => void): void {
    const callbacks = this.#callbacks.splice(0);
    for (let i = 0; i < callbacks.length; i++) {
      const callback = callbacks[i];
      if (callback) call(callback, i);
    }
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}

/** A callback that throws is a defect of its owner: it surfaces as uncaught, and everyone else goes on. */
export function callBack(
  callback: ProducerCallback | undefined,
  metadata: RecordMetadata | null,
  error: Error | null,
): void {
  try {
    callback?.(metadata, error);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
