import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { TransactionMarker } from './transaction-marker.ts';

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

/** Java: `CompletedTxn`. */
export interface EndedTransaction {
  readonly producerId: bigint;
  /** of its first record */
  readonly firstOffset: bigint;
  /** of its marker, or of what is lost with it */
  readonly lastOffset: bigint;
  /** Nothing before it is undecided once the marker is seen. */
  readonly lastStableOffset: bigint;
}

const BATCHES_KEPT = 5;
const MAX_SEQUENCE = 0x7fff_ffff;

/**
 * What a partition knows of idempotent producers (KIP-98): it finds a batch that comes twice and one that comes
 * before its time, and knows which transactions are open. Java: `ProducerStateManager`, `ProducerAppendInfo`.
 */
export class ProducerState {
  readonly #entries = new Map<bigint, ProducerEntry>();
  /** First offsets of open transactions by producer; ascending, as offsets do. */
  #open = new Map<bigint, bigint>();
  /** Transactions whose marker is there, though perhaps nobody sees it yet. */
  #ended: EndedTransaction[] = [];

  get entries(): Iterable<ProducerEntry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  clear(): void {
    this.#entries.clear();
    this.#open.clear();
    this.#ended = [];
  }

  restore(entry: ProducerEntry): void {
    const { producerId, currentTxnFirstOffset } = entry;
    this.#entries.set(producerId, entry);
    if (currentTxnFirstOffset < 0n) return;
    const open = [...this.#open, [producerId, currentTxnFirstOffset] as const];
    this.#open = new Map(open.sort(([, a], [, b]) => (a < b ? -1 : 1)));
  }

  /**
   * The first offset of the oldest transaction of which a consumer that sees the records before `highWatermark` can't
   * know how it ended; undefined when there is none. Java: `firstUndecidedOffset`, `firstUnstableOffset`.
   */
  firstUnstableOffset(highWatermark: bigint): bigint | undefined {
    if (this.#ended.length > 0) this.#ended = this.#ended.filter(({ lastOffset }) => lastOffset >= highWatermark);
    let first = firstValue(this.#open);
    for (const { firstOffset } of this.#ended) if (first === undefined || firstOffset < first) first = firstOffset;
    return first;
  }

  /** Whether it is the newest batch of its producer, or newer. */
  isLast(batch: RecordBatch): boolean {
    const last = this.#entries.get(batch.producerId)?.batches.at(-1);
    return last !== undefined && batch.lastOffset >= last.lastOffset;
  }

  /**
   * Before a batch is appended. `beginsAnew`: a producer that is not known here begins with sequence 0 (in transactions of
   * version 2 it always does), else it may be one that was forgotten.
   *
   * @returns the same batch as it was appended before; undefined for a new one
   * @throws ApiException INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE
   */
  check(batch: RecordBatch, beginsAnew = false): ProducedBatch | undefined {
    const entry = this.#entries.get(batch.producerId);
    const { producerId, producerEpoch, baseSequence: first, lastSequence: last } = batch;
    if (!entry) {
      if (!beginsAnew || first === 0) return undefined;
      throw new ApiException(
        Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `Out of order sequence number for producer ${producerId}, which has written nothing here: ${first} (incoming seq. number)`,
      );
    }
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
    if (entry.currentTxnFirstOffset >= 0n && !batch.isTransactional) {
      throw new ApiException(
        Errors.INVALID_TXN_STATE,
        `Expected transactional write from producer ${producerId}, whose transaction is open`,
      );
    }
    const known = entry.batches.find((each) => each.firstSequence === first && each.lastSequence === last);
    if (known) return known;
    // An epoch that a marker has begun begins with sequence 0.
    const previous = entry.batches.at(-1)?.lastSequence ?? -1;
    if (first !== nextSequence(previous)) {
      throw new ApiException(
        Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `Out of order sequence number for producer ${producerId}: ${first} (incoming seq. number), ${previous} (current end sequence number)`,
      );
    }
    return undefined;
  }

  /**
   * Before a marker is appended that another than this broker's coordinator sends. `bumped`: of a transaction whose
   * end bumps the epoch (KIP-1228).
   *
   * @throws ApiException INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED
   */
  checkMarker({ producerId, producerEpoch, coordinatorEpoch }: TransactionMarker, bumped: boolean): void {
    const entry = this.#entries.get(producerId);
    if (!entry) return;
    const isOpen = entry.currentTxnFirstOffset >= 0n;
    if (producerEpoch < entry.producerEpoch || (bumped && isOpen && producerEpoch === entry.producerEpoch)) {
      throw new ApiException(
        Errors.INVALID_PRODUCER_EPOCH,
        `Epoch ${producerEpoch} of the marker is not newer than epoch ${entry.producerEpoch} of producer ${producerId}`,
      );
    }
    if (coordinatorEpoch < entry.coordinatorEpoch) {
      throw new ApiException(
        Errors.TRANSACTION_COORDINATOR_FENCED,
        `Coordinator epoch ${coordinatorEpoch} of the marker is older than ${entry.coordinatorEpoch}, the last one of producer ${producerId}`,
      );
    }
  }

  /** After a batch got its offsets, or when it is read from the log at a start. `nowMs` is the wall clock. */
  update(batch: RecordBatch, firstOffset: bigint, nowMs: number): void {
    const entry = this.#entryOf(batch.producerId, batch.producerEpoch, nowMs);
    // A coordinator's own records have no sequence.
    if (batch.baseSequence >= 0) {
      const produced: ProducedBatch = {
        firstSequence: batch.baseSequence,
        lastSequence: batch.lastSequence,
        firstOffset,
        lastOffset: firstOffset + BigInt(batch.lastOffsetDelta),
        timestamp: batch.maxTimestamp,
      };
      entry.batches = [...entry.batches.slice(1 - BATCHES_KEPT), produced];
    }
    if (batch.isTransactional && entry.currentTxnFirstOffset < 0n) {
      entry.currentTxnFirstOffset = firstOffset;
      this.#open.set(entry.producerId, firstOffset);
    }
  }

  /** After a marker got its offset, or when it is read from the log at a start. Undefined when nothing was open. */
  end(marker: TransactionMarker, offset: bigint, nowMs: number): EndedTransaction | undefined {
    const { producerId, producerEpoch, coordinatorEpoch } = marker;
    const entry = this.#entryOf(producerId, producerEpoch, nowMs);
    entry.coordinatorEpoch = coordinatorEpoch;
    return this.#close(entry, offset);
  }

  /**
   * Ends every open transaction in a range that is lost, where the marker of each may have been. `offset`: the last one
   * of the range.
   */
  endAll(offset: bigint): EndedTransaction[] {
    return [...this.#open.keys()]
      .map((producerId) => this.#close(this.#entries.get(producerId)!, offset))
      .filter((ended) => ended !== undefined);
  }

  #close(entry: ProducerEntry, offset: bigint): EndedTransaction | undefined {
    const { producerId, currentTxnFirstOffset: firstOffset } = entry;
    if (firstOffset < 0n) return undefined;
    entry.currentTxnFirstOffset = -1n;
    this.#open.delete(producerId);
    const lastStableOffset = firstValue(this.#open) ?? offset + 1n;
    const ended = { producerId, firstOffset, lastOffset: offset, lastStableOffset };
    this.#ended.push(ended);
    return ended;
  }

  /** Of the producer, as of this epoch. */
  #entryOf(producerId: bigint, producerEpoch: number, nowMs: number): ProducerEntry {
    let entry = this.#entries.get(producerId);
    if (!entry) {
      entry = {
        producerId,
        producerEpoch,
        coordinatorEpoch: -1,
        currentTxnFirstOffset: -1n,
        batches: [],
        isRestored: false,
        lastTimestamp: 0n,
      };
      this.#entries.set(producerId, entry);
    }
    if (entry.producerEpoch !== producerEpoch) {
      entry.producerEpoch = producerEpoch;
      entry.batches = [];
    }
    entry.lastTimestamp = BigInt(nowMs);
    return entry;
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

  /** Forgets producers without an open transaction whose last batch is older than `expirationMs` at `nowMs`. */
  removeExpired(nowMs: number, expirationMs: number): void {
    const oldest = BigInt(nowMs) - BigInt(expirationMs);
    for (const [producerId, entry] of this.#entries) {
      if (entry.lastTimestamp < oldest && entry.currentTxnFirstOffset < 0n) this.#entries.delete(producerId);
    }
  }
}

function nextSequence(sequence: number): number {
  return sequence === MAX_SEQUENCE ? 0 : sequence + 1;
}

function firstValue(map: ReadonlyMap<bigint, bigint>): bigint | undefined {
  for (const value of map.values()) return value;
  return undefined;
}
