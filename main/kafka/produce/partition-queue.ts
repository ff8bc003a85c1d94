import type { RecordToEncode } from '../../protocol/records/encode-records.ts';
import type { ProducerCallback } from '../api.ts';
import { ProducerBatch, type ProducerIdAndEpoch } from './producer-batch.ts';

export interface QueueLimits {
  /** `batch.size`: from here on a batch is sent without lingering. */
  batchSize: number;
  /** While the way is full a batch grows up to here instead of starting another. */
  maxBatchSize: number;
  /** Batches on their way at once: 1 without idempotence, as order would be lost on a retry. */
  maxInFlight: number;
}

/**
 * What waits for one partition, in order, and the sequence numbers of what is on its way. A state machine without
 * I/O: `sender.ts` takes batches out and says how they fared. Java: `RecordAccumulator`, `TransactionManager`.
 */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  readonly #limits: QueueLimits;
  /** Batches to be sent again, by sequence; they go before everything else. */
  #retries: ProducerBatch[] = [];
  #closed: ProducerBatch[] = [];
  #open: ProducerBatch | null = null;
  #inFlight: ProducerBatch[] = [];
  #identity: ProducerIdAndEpoch | null = null;
  #nextSequence = 0;
  /** A sequence number was used up by a batch that is not in the log: nothing can follow it under this epoch. */
  #sequenceBroken = false;
  #maxBatchSize: number;

  constructor(topic: string, partition: number, limits: QueueLimits) {
    this.topic = topic;
    this.partition = partition;
    this.#limits = limits;
    this.#maxBatchSize = limits.maxBatchSize;
  }

  get isEmpty(): boolean {
    return !this.#open && this.#closed.length + this.#retries.length + this.#inFlight.length === 0;
  }

  /** Size of the batch that takes new records. */
  get openBytes(): number {
    return this.#open?.sizeInBytes ?? 0;
  }

  /** Returns the batch when the record started a new one. */
  append(
    record: RecordToEncode,
    sizeBound: number,
    callback: ProducerCallback | undefined,
    nowMs: number,
  ): ProducerBatch | null {
    let started: ProducerBatch | null = null;
    if (this.#open && this.#open.sizeInBytes + sizeBound > this.#maxBatchSize) {
      this.#closed.push(this.#open);
      this.#open = null;
    }
    if (!this.#open) {
      started = new ProducerBatch(this.topic, this.partition, nowMs);
      this.#open = started;
    }
    this.#open.append(record, sizeBound, callback);
    return started;
  }

  /** Whether a batch is to be sent now, whatever it has waited; `lingerMs` decides for one that isn't full. */
  isReady(nowMs: number, lingerMs: number): boolean {
    if (this.#inFlight.length >= this.#limits.maxInFlight) return false;
    if (this.#sequenceBroken && this.#inFlight.length > 0) return false;
    const retry = this.#retries[0];
    if (retry) return nowMs >= retry.retryAtMs;
    if (this.#closed.length > 0) return true;
    const open = this.#open;
    return open !== null && (open.sizeInBytes >= this.#limits.batchSize || nowMs - open.createdMs >= lingerMs);
  }

  /** Monotonic ms at which `isReady` may become true by time alone; Infinity when it won't. */
  readyAtMs(lingerMs: number): number {
    const retry = this.#retries[0];
    if (retry) return retry.retryAtMs;
    return this.#open ? this.#open.createdMs + lingerMs : Number.POSITIVE_INFINITY;
  }

  /**
   * Takes the next batch out; it is on its way from now on. `identity` is the producer's present id and epoch, null
   * without idempotence. The partition takes it over only when nothing of the old one is left.
   */
  take(identity: ProducerIdAndEpoch | null, maxBytes: number): ProducerBatch | null {
    const batch = this.#retries[0] ?? this.#closed[0] ?? this.#open;
    if (!batch || batch.sizeInBytes > maxBytes) return null;
    if (batch === this.#retries[0]) this.#retries.shift();
    else if (batch === this.#closed[0]) this.#closed.shift();
    else this.#open = null;
    if (identity && !batch.identity) {
      const unused = this.#inFlight.length + this.#retries.length === 0;
      if (!this.#identity || (unused && !sameIdentity(this.#identity, identity))) {
        this.#identity = identity;
        this.#nextSequence = 0;
      }
      batch.identify({ ...this.#identity, sequence: this.#nextSequence });
      this.#nextSequence = (this.#nextSequence + batch.recordCount) & 0x7fffffff;
    }
    this.#inFlight.push(batch);
    return batch;
  }

  /** It was acknowledged. */
  acknowledged(batch: ProducerBatch): void {
    this.#leave(batch);
  }

  /** It comes back and goes out again after `retryAtMs`, in its old place. */
  retry(batch: ProducerBatch, retryAtMs: number): void {
    this.#leave(batch);
    batch.attempts++;
    batch.retryAtMs = retryAtMs;
    const at = this.#retries.findIndex((other) => isBefore(batch, other));
    this.#retries.splice(at < 0 ? this.#retries.length : at, 0, batch);
    this.#renumberWhenIdle();
  }

  /** It failed for good. When it had a sequence number, what follows it needs a new epoch. */
  failed(batch: ProducerBatch): void {
    this.#leave(batch);
    if (batch.identity) this.#sequenceBroken = true;
    this.#renumberWhenIdle();
  }

  /** It was too large for the topic: it goes out again in halves, and batches no longer grow over `batch.size`. */
  split(batch: ProducerBatch, sizeBound: (record: RecordToEncode) => number): void {
    this.#leave(batch);
    this.#maxBatchSize = Math.min(this.#maxBatchSize, this.#limits.batchSize);
    if (batch.identity) this.#sequenceBroken = true;
    const halves = batch.split(sizeBound);
    // Halves keep the old place by the old number; it is replaced before they leave.
    for (const half of halves) half.identify(batch.identity);
    const at = this.#retries.findIndex((other) => isBefore(batch, other));
    this.#retries.splice(at < 0 ? this.#retries.length : at, 0, ...halves);
    this.#renumberWhenIdle();
  }

  /** The broker's memory of this producer's sequence is lost or beyond repair: begin again under a new epoch. */
  breakSequence(): void {
    this.#sequenceBroken = true;
    this.#renumberWhenIdle();
  }

  /** A new epoch is owed by the sender before anything of this partition leaves. */
  get needsNewEpoch(): boolean {
    return this.#sequenceBroken;
  }

  /** The sender has a new epoch: the next batch starts at sequence 0 under it. */
  epochRenewed(): void {
    this.#sequenceBroken = false;
  }

  /** No batch with a lower sequence is without an answer. */
  isFirstUnanswered(batch: ProducerBatch): boolean {
    return (
      !this.#inFlight.some((b) => b !== batch && isBefore(b, batch)) && !this.#retries.some((b) => isBefore(b, batch))
    );
  }

  /** Batches that wait (not those on their way) and are older than `deadlineMs`; they are taken out. */
  expire(createdBeforeMs: number): ProducerBatch[] {
    const old = (batch: ProducerBatch) => batch.createdMs <= createdBeforeMs;
    const expired = [...this.#retries, ...this.#closed].filter(old);
    this.#retries = this.#retries.filter((batch) => !old(batch));
    this.#closed = this.#closed.filter((batch) => !old(batch));
    if (this.#open && old(this.#open)) {
      expired.push(this.#open);
      this.#open = null;
    }
    if (expired.some((batch) => batch.identity)) this.#sequenceBroken = true;
    this.#renumberWhenIdle();
    return expired;
  }

  /** Every batch that has no final answer, in order. */
  incomplete(): ProducerBatch[] {
    const all = [...this.#inFlight, ...this.#retries, ...this.#closed];
    if (this.#open) all.push(this.#open);
    return all;
  }

  /** The oldest waiting batch's creation, monotonic ms. */
  oldestWaitingMs(): number {
    return (this.#retries[0] ?? this.#closed[0] ?? this.#open)?.createdMs ?? Number.POSITIVE_INFINITY;
  }

  #leave(batch: ProducerBatch): void {
    const at = this.#inFlight.indexOf(batch);
    if (at >= 0) this.#inFlight.splice(at, 1);
  }

  #renumberWhenIdle(): void {
    if (!this.#sequenceBroken || this.#inFlight.length > 0) return;
    for (const batch of this.#retries) batch.identify(null);
    this.#identity = null;
  }
}

function sameIdentity(a: ProducerIdAndEpoch, b: ProducerIdAndEpoch): boolean {
  return a.producerId === b.producerId && a.epoch === b.epoch;
}

/** By sequence, with its wrap from 2^31-1 to 0; without sequence numbers there is one batch on its way at most. */
function isBefore(a: ProducerBatch, b: ProducerBatch): boolean {
  if (!a.identity || !b.identity) return false;
  const distance = (b.identity.sequence - a.identity.sequence) & 0x7fffffff;
  return distance !== 0 && distance < 0x40000000;
}
