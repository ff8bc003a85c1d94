import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';

/** A batch that a producer sent, remembered to know it again. Java: `BatchMetadata`. */
export interface ProducedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** ms, the batch's largest */
  readonly timestamp: bigint;
}

/** Java: `ProducerStateEntry`. */
export interface ProducerEntry {
  readonly producerId: bigint;
  producerEpoch: number;
  coordinatorEpoch: number;
  /** -1: none */
  currentTxnFirstOffset: bigint;
  /** Oldest first, at most five: as many as a producer may have in flight. */
  batches: readonly ProducedBatch[];
  /** It comes from a snapshot, which has the last batch alone: older ones are in the log (`recall`). */
  isRestored: boolean;
  /**
   * Wall clock when the last batch came, ms. Kafka takes the batch's own timestamp, and so forgets at once who sends
   * old records.
   */
  lastTimestamp: bigint;
}

const BATCHES_KEPT = 5;
const MAX_SEQUENCE = 0x7fff_ffff;

/**
 * What a partition knows of idempotent producers (KIP-98): it finds a batch that comes twice and one that comes
 * before its time. Java: `ProducerStateManager`, `ProducerAppendInfo`.
 */
export class ProducerState {
  readonly #entries = new Map<bigint, ProducerEntry>();

  get entries(): Iterable<ProducerEntry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  clear(): void {
    this.#entries.clear();
  }

  restore(entry: ProducerEntry): void {
    this.#entries.set(entry.producerId, entry);
  }

  /** Whether it is the newest batch of its producer, or newer. */
  isLast(batch: RecordBatch): boolean {
    const last = this.#entries.get(batch.producerId)?.batches.at(-1);
    return last !== undefined && batch.lastOffset >= last.lastOffset;
  }

  /**
   * Before a batch is appended.
   *
   * @returns the same batch as it was appended before; undefined for a new one
   * @throws ApiException INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER
   */
  check(batch: RecordBatch): ProducedBatch | undefined {
    const entry = this.#entries.get(batch.producerId);
    if (!entry) return undefined;
    const { producerId, producerEpoch, baseSequence: first, lastSequence: last } = batch;
    if (producerEpoch < entry.producerEpoch) {
      throw new ApiException(
        Errors.INVALID_PRODUCER_EPOCH,
        `Epoch of producer ${producerId} is ${producerEpoch}, which is smaller than the last seen epoch ${entry.producerEpoch}`,
      );
    }
    if (producerEpoch > entry.producerEpoch) {
      if (first === 0) return undefined;
      throw new ApiException(
        Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `Invalid sequence number for new epoch of producer ${producerId}: ${producerEpoch} (request epoch), ${first} (seq. number)`,
      );
    }
    const known = entry.batches.find((each) => each.firstSequence === first && each.lastSequence === last);
    if (known) return known;
    const previous = entry.batches.at(-1)?.lastSequence;
    if (previous !== undefined && first !== nextSequence(previous)) {
      throw new ApiException(
        Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `Out of order sequence number for producer ${producerId}: ${first} (incoming seq. number), ${previous} (current end sequence number)`,
      );
    }
    return undefined;
  }

  /** After a batch got its offsets, or when it is read from the log at a start. `nowMs` is the wall clock. */
  update(batch: RecordBatch, firstOffset: bigint, nowMs: number): void {
    const { producerId, producerEpoch } = batch;
    const produced: ProducedBatch = {
      firstSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      firstOffset,
      lastOffset: firstOffset + BigInt(batch.lastOffsetDelta),
      timestamp: batch.maxTimestamp,
    };
    const entry = this.#entries.get(producerId);
    if (!entry) {
      this.#entries.set(producerId, {
        producerId,
        producerEpoch,
        coordinatorEpoch: -1,
        currentTxnFirstOffset: -1n,
        batches: [produced],
        isRestored: false,
        lastTimestamp: BigInt(nowMs),
      });
      return;
    }
    const sameEpoch = entry.producerEpoch === producerEpoch;
    entry.producerEpoch = producerEpoch;
    entry.batches = sameEpoch ? [...entry.batches.slice(1 - BATCHES_KEPT), produced] : [produced];
    entry.lastTimestamp = BigInt(nowMs);
  }

  /** Whether a batch may be one that was sent before the last start: then the log must be asked before `check`. */
  needsRecall(batch: RecordBatch): boolean {
    const entry = this.#entries.get(batch.producerId);
    if (!entry?.isRestored || entry.producerEpoch !== batch.producerEpoch) return false;
    const last = entry.batches.at(-1);
    return last !== undefined && batch.baseSequence !== nextSequence(last.lastSequence);
  }

  /** Gives entries back their older batches; they come in order, `recalled` ends it. */
  recall(batch: RecordBatch): void {
    const entry = this.#entries.get(batch.producerId);
    if (!entry || entry.producerEpoch !== batch.producerEpoch) return;
    const first = entry.batches.findIndex((each) => each.lastOffset >= batch.lastOffset);
    if (first < 0 || entry.batches[first]!.lastOffset === batch.lastOffset) return;
    const older: ProducedBatch = {
      firstSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      firstOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      timestamp: batch.maxTimestamp,
    };
    entry.batches = [...entry.batches.slice(0, first), older, ...entry.batches.slice(first)].slice(-BATCHES_KEPT);
  }

  recalled(): void {
    for (const entry of this.#entries.values()) entry.isRestored = false;
  }

  /** Forgets producers whose last batch is older than `expirationMs` at `nowMs`. */
  removeExpired(nowMs: number, expirationMs: number): void {
    const oldest = BigInt(nowMs) - BigInt(expirationMs);
    for (const [producerId, entry] of this.#entries) {
      if (entry.lastTimestamp < oldest) this.#entries.delete(producerId);
    }
  }
}

function nextSequence(sequence: number): number {
  return sequence === MAX_SEQUENCE ? 0 : sequence + 1;
}
