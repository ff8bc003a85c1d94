import type { RecordToEncode } from '../../protocol/records/encode-records.ts';
import type { ProducerCallback } from '../api.ts';
import { ProducerBatch, type ProducerIdAndEpoch } from './producer-batch.ts';

/** A broker tells a batch that comes again from a lost one by the last five it took of a producer. */
const BATCHES_REMEMBERED = 5;

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
  /** Batches that have left at least once (or are halves of one), in the order of the log: on their way or to go again. */
  #sent: ProducerBatch[] = [];
  readonly #onTheirWay = new Set<ProducerBatch>();
  #closed: ProducerBatch[] = [];
  #open: ProducerBatch | null = null;
  #identity: ProducerIdAndEpoch | null = null;
  #nextSequence = 0;
  /** How many batches got a sequence number so far. */
  #numbered = 0;
  /** A sequence number was used up by a batch that is not in the log: nothing can follow it under this epoch. */
  #sequenceBroken = false;
  /**
   * A broker that knows nothing of a producer takes any first sequence number: were the first batch refused and the
   * second taken, their order would be lost. So the first batch under an epoch goes alone.
   */
  #alone = true;
  #maxBatchSize: number;

  constructor(topic: string, partition: number, limits: QueueLimits) {
    this.topic = topic;
    this.partition = partition;
    this.#limits = limits;
    this.#maxBatchSize = limits.maxBatchSize;
  }

  /** Size of the batch that takes new records. */
  get openBytes(): number {
    return this.#open?.sizeInBytes ?? 0;
  }

  /** A new epoch is owed by the sender before anything of this partition leaves. */
  get needsNewEpoch(): boolean {
    return this.#sequenceBroken;
  }

  /** The sender has a new epoch: the next batch starts at sequence 0 under it. */
  epochRenewed(): void {
    this.#sequenceBroken = false;
  }

  /** Returns whether the record started a new batch. */
  append(record: RecordToEncode, sizeBound: number, callback: ProducerCallback | undefined, nowMs: number): boolean {
    if (this.#open && this.#open.sizeInBytes + sizeBound > this.#maxBatchSize) {
      this.#closed.push(this.#open);
      this.#open = null;
    }
    const starts = this.#open === null;
    this.#open ??= new ProducerBatch(this.topic, this.partition, nowMs);
    this.#open.append(record, sizeBound, callback);
    return starts;
  }

  /** Whether a batch is to be sent now; `lingerMs` decides for one that isn't full. */
  isReady(nowMs: number, lingerMs: number): boolean {
    if (this.#onTheirWay.size >= this.#limits.maxInFlight) return false;
    if (this.#onTheirWay.size > 0 && (this.#alone || this.#sequenceBroken)) return false;
    const again = this.#toSendAgain();
    if (again) return nowMs >= again.retryAtMs;
    if (this.#isFarAhead()) return false;
    if (this.#closed.length > 0) return true;
    const open = this.#open;
    return open !== null && (open.sizeInBytes >= this.#limits.batchSize || nowMs - open.createdMs >= lingerMs);
  }

  /** Monotonic ms at which `isReady` may become true by time alone; Infinity when it won't. */
  readyAtMs(lingerMs: number): number {
    const again = this.#toSendAgain();
    if (again) return again.retryAtMs;
    return this.#open ? this.#open.createdMs + lingerMs : Number.POSITIVE_INFINITY;
  }

  /**
   * Takes the next batch out; it is on its way from now on. Null when it is larger than `maxBytes`. `identity` is the
   * producer's present id and epoch, null without idempotence; the partition takes it over only when nothing of the
   * old one is left.
   */
  take(identity: ProducerIdAndEpoch | null, maxBytes: number): ProducerBatch | null {
    const again = this.#toSendAgain();
    const batch = again ?? this.#closed[0] ?? this.#open;
    if (!batch || batch.sizeInBytes > maxBytes) return null;
    if (identity && !batch.identity) this.#number(batch, identity);
    if (!again) {
      if (batch === this.#open) this.#open = null;
      else this.#closed.shift();
      this.#sent.push(batch);
    }
    this.#onTheirWay.add(batch);
    return batch;
  }

  acknowledged(batch: ProducerBatch): void {
    this.#alone = false;
    this.#leave(batch);
  }

  /** It comes back and goes out again after `retryAtMs`, in its old place and with its old number. */
  retry(batch: ProducerBatch, retryAtMs: number): void {
    this.#onTheirWay.delete(batch);
    batch.attempts++;
    batch.retryAtMs = retryAtMs;
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
    this.#maxBatchSize = Math.min(this.#maxBatchSize, this.#limits.batchSize);
    if (batch.identity) this.#sequenceBroken = true;
    this.#onTheirWay.delete(batch);
    this.#sent.splice(this.#sent.indexOf(batch), 1, ...batch.split(sizeBound));
    this.#renumberWhenIdle();
  }

  /** The broker's memory of this producer's sequence is lost or beyond repair: begin again under a new epoch. */
  breakSequence(): void {
    this.#sequenceBroken = true;
    this.#renumberWhenIdle();
  }

  /** No batch before it is without a final answer. */
  isFirstUnanswered(batch: ProducerBatch): boolean {
    return this.#sent[0] === batch;
  }

  /** Takes out the batches that wait (not those on their way) and were begun at `createdBeforeMs` or earlier. */
  expire(createdBeforeMs: number): ProducerBatch[] {
    const late = (batch: ProducerBatch) => batch.createdMs <= createdBeforeMs && !this.#onTheirWay.has(batch);
    const expired = [...this.#sent, ...this.#closed].filter(late);
    this.#sent = this.#sent.filter((batch) => !late(batch));
    this.#closed = this.#closed.filter((batch) => !late(batch));
    if (this.#open && late(this.#open)) {
      expired.push(this.#open);
      this.#open = null;
    }
    // Whether one that had left is in the log is not known: what follows may not rely on it.
    if (expired.some((batch) => batch.identity)) this.#sequenceBroken = true;
    this.#renumberWhenIdle();
    return expired;
  }

  /** Every batch that has no final answer, in order. */
  incomplete(): ProducerBatch[] {
    const all = [...this.#sent, ...this.#closed];
    if (this.#open) all.push(this.#open);
    return all;
  }

  /** When the oldest batch was begun that is not on its way; Infinity without one. Monotonic ms. */
  oldestWaitingMs(): number {
    return (this.#toSendAgain() ?? this.#closed[0] ?? this.#open)?.createdMs ?? Number.POSITIVE_INFINITY;
  }

  #toSendAgain(): ProducerBatch | undefined {
    if (this.#sent.length === this.#onTheirWay.size) return undefined;
    return this.#sent.find((batch) => !this.#onTheirWay.has(batch));
  }

  #number(batch: ProducerBatch, identity: ProducerIdAndEpoch): void {
    // All that has left has an answer, or will be numbered anew: nothing hangs on the old identity.
    const unused = !this.#sent.some((each) => each.identity);
    if (!this.#identity || (unused && !sameIdentity(this.#identity, identity))) {
      this.#identity = identity;
      this.#nextSequence = 0;
      this.#alone = true;
    }
    batch.identify({ ...this.#identity, sequence: this.#nextSequence });
    batch.turn = this.#numbered++;
    this.#nextSequence = (this.#nextSequence + batch.recordCount) & 0x7fff_ffff;
  }

  /**
   * The oldest batch without an answer may be in the log, and must stay among those that the broker remembers: it is
   * not enough to count the batches on their way, as those behind it may have been answered while it goes to and fro.
   */
  #isFarAhead(): boolean {
    const oldest = this.#sent.find((batch) => batch.identity);
    return oldest !== undefined && this.#numbered - oldest.turn >= BATCHES_REMEMBERED;
  }

  #leave(batch: ProducerBatch): void {
    this.#onTheirWay.delete(batch);
    const at = this.#sent.indexOf(batch);
    if (at >= 0) this.#sent.splice(at, 1);
  }

  /** Numbers that the broker may have seen stay while one of their batches is on its way. */
  #renumberWhenIdle(): void {
    if (!this.#sequenceBroken || this.#onTheirWay.size > 0) return;
    for (const batch of this.#sent) batch.identify(null);
    this.#identity = null;
    this.#alone = true;
  }
}

function sameIdentity(a: ProducerIdAndEpoch, b: ProducerIdAndEpoch): boolean {
  return a.producerId === b.producerId && a.epoch === b.epoch;
}
