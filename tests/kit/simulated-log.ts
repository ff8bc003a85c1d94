import { Errors } from '../../main/protocol/messages/index.ts';
import { RecordBatch } from '../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../main/protocol/records/records.ts';

interface ProducerState {
  epoch: number;
  lastSequence: number;
  /** the last five batches, as a broker remembers them */
  recent: { sequence: number; last: number; offset: bigint }[];
}

/** One partition as a broker keeps it: what was appended, and Kafka's rules for sequence numbers (KIP-98, KIP-360). */
export class SimulatedLog {
  /** values in order, as text */
  readonly values: string[] = [];
  readonly #producers = new Map<bigint, ProducerState>();
  maxBatchBytes = Number.POSITIVE_INFINITY;

  append(encoded: Buffer): { errorCode: number; baseOffset: bigint } {
    const batch = new RecordBatch(encoded);
    batch.ensureValid();
    if (encoded.length > this.maxBatchBytes) return { errorCode: Errors.MESSAGE_TOO_LARGE, baseOffset: -1n };
    const refused = batch.hasProducerId ? this.#check(batch) : undefined;
    if (refused) return refused;
    const baseOffset = BigInt(this.values.length);
    for (const { value } of decodeRecords(batch)) this.values.push(String(value));
    if (batch.hasProducerId) this.#remember(batch, baseOffset);
    return { errorCode: 0, baseOffset };
  }

  /** As after a restart without its snapshot. */
  forgetProducers(): void {
    this.#producers.clear();
  }

  /** As after an unclean election: it believes that fewer batches came than it has acknowledged. */
  rewindProducers(): void {
    for (const state of this.#producers.values()) {
      state.lastSequence -= 1;
      state.recent = [];
    }
  }

  #check(batch: RecordBatch): { errorCode: number; baseOffset: bigint } | undefined {
    const state = this.#producers.get(batch.producerId);
    const outOfOrder = { errorCode: Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, baseOffset: -1n };
    // An unknown producer may begin anywhere, as its older batches may have been deleted.
    if (!state) return undefined;
    if (batch.producerEpoch < state.epoch) return { errorCode: Errors.INVALID_PRODUCER_EPOCH, baseOffset: -1n };
    if (batch.producerEpoch > state.epoch) return batch.baseSequence === 0 ? undefined : outOfOrder;
    const known = state.recent.find(
      ({ sequence, last }) => sequence === batch.baseSequence && last === batch.lastSequence,
    );
    if (known) return { errorCode: 0, baseOffset: known.offset };
    return batch.baseSequence === ((state.lastSequence + 1) & 0x7fff_ffff) ? undefined : outOfOrder;
  }

  #remember(batch: RecordBatch, offset: bigint): void {
    const state = this.#producers.get(batch.producerId);
    const recent = state && state.epoch === batch.producerEpoch ? state.recent : [];
    this.#producers.set(batch.producerId, {
      epoch: batch.producerEpoch,
      lastSequence: batch.lastSequence,
      recent: [...recent, { sequence: batch.baseSequence, last: batch.lastSequence, offset }].slice(-5),
    });
  }
}
