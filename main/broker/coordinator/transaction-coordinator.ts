import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { Turns } from '../../../common/turns.ts';
import { Errors } from '../../protocol/messages/index.ts';
import type { TransactionMarker } from '../log/transaction-marker.ts';
import type { CoordinatorRecord, TransactionalProducer } from './coordinator-topic.ts';
import { hasPartition, isEnding, type Transaction, type TransactionVersion, withPartitions } from './transaction.ts';
import { completed, type EndAnswer, endOf, NO_PRODUCER } from './transaction-end.ts';
import { fenced, initialized, isOwnId, isUsedUp } from './transaction-epochs.ts';
import { readTransactionRecord, transactionRecord } from './transaction-records.ts';

/** There is one broker: its coordinator is never replaced. */
const COORDINATOR_EPOCH = 0;

export interface TransactionCoordinatorOptions {
  time: Time;
  logger: Logger;
  /** `__transaction_state` */
  log: { append(transactionalId: string, records: readonly CoordinatorRecord[]): Promise<void> };
  /** Durable before it is given out. */
  nextProducerId(): Promise<bigint>;
  /** Ends a transaction in a partition: resolves when the marker is durable, or when the partition is gone. */
  endTransaction(topic: string, partition: number, marker: TransactionMarker): Promise<void>;
  /** `transaction.max.timeout.ms` */
  maxTimeoutMs: number;
  /** `transactional.id.expiration.ms` */
  idExpirationMs: number;
  /** Whether the wall clock can be trusted with ids that look old. */
  mayForget(): boolean;
}

/**
 * Transactional ids and what becomes of their transactions. Requests of an id are dealt with one after another, each
 * change is durable before it is answered, and the outcome of a transaction stands as soon as its preparation is
 * durable: after a crash its markers are written again. Java: `TransactionCoordinator`, `TransactionStateManager`.
 */
export class TransactionCoordinator {
  readonly #options: TransactionCoordinatorOptions;
  readonly #transactions = new Map<string, Transaction>();
  /** When each open transaction had begun, monotonic ms. */
  readonly #openSince = new Map<string, number>();
  readonly #turns = new Map<string, Turns>();

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options;
  }

  all(): readonly Transaction[] {
    return [...this.#transactions.values()];
  }

  get(transactionalId: string): Transaction | undefined {
    return this.#transactions.get(transactionalId);
  }

  /** A record of the log at a start, in the order of the log. */
  replay(key: Buffer, value: Buffer | null): void {
    const record = readTransactionRecord(key, value);
    if (record?.transaction) this.#transactions.set(record.transactionalId, record.transaction);
    else if (record) this.#transactions.delete(record.transactionalId);
  }

  /**
   * A new epoch for the id, which fences whoever had the one before and aborts what it left open. `expected`: what the
   * producer has, when it asks for the next epoch of its own (KIP-360); ids below 0: nothing.
   */
  initProducerId(transactionalId: string, timeoutMs: number, expected: TransactionalProducer): Promise<EndAnswer> {
    const refused = (errorCode: number) => ({ errorCode, ...NO_PRODUCER });
    if (transactionalId === '') return Promise.resolve(refused(Errors.INVALID_REQUEST));
    if (timeoutMs <= 0 || timeoutMs > this.#options.maxTimeoutMs) {
      return Promise.resolve(refused(Errors.INVALID_TRANSACTION_TIMEOUT));
    }
    return this.#exclusive(transactionalId, async () => {
      let current = this.#transactions.get(transactionalId);
      const isExpected = expected.producerId >= 0n;
      if (current && isExpected && !isOwnId(current, expected)) return refused(Errors.PRODUCER_FENCED);
      if (current?.state === 'Ongoing') {
        if (!(await this.#end(fenced(current, this.#now())))) return refused(Errors.COORDINATOR_NOT_AVAILABLE);
        current = this.#transactions.get(transactionalId) as Transaction;
      }
      if (current && isEnding(current)) return refused(Errors.CONCURRENT_TRANSACTIONS);
      const isLast = current?.producerEpoch === expected.producerEpoch;
      if (current && isExpected && !isLast && current.lastProducerEpoch !== expected.producerEpoch) {
        return refused(Errors.PRODUCER_FENCED);
      }
      const newId = !current || isUsedUp(current) ? await this.#options.nextProducerId() : -1n;
      const next = initialized({ transactionalId, timeoutMs, expected: isExpected ? expected : null }, current, {
        newId,
        nowMs: this.#now(),
      });
      if (!(await this.#store(next))) return refused(Errors.COORDINATOR_NOT_AVAILABLE);
      return { errorCode: Errors.NONE, producerId: next.producerId, producerEpoch: next.producerEpoch };
    });
  }

  /** Error code. The partitions are there; they are part of the transaction when it resolves. */
  addPartitions(
    transactionalId: string,
    producer: TransactionalProducer,
    partitions: readonly { topic: string; partition: number }[],
    version: TransactionVersion,
  ): Promise<number> {
    if (transactionalId === '') return Promise.resolve(Errors.INVALID_REQUEST);
    return this.#exclusive(transactionalId, async () => {
      const current = this.#transactions.get(transactionalId);
      const refused = refusal(current, producer);
      if (refused !== Errors.NONE) return refused;
      const transaction = current as Transaction;
      if (isEnding(transaction)) return Errors.CONCURRENT_TRANSACTIONS;
      const isKnown = partitions.every(({ topic, partition }) => hasPartition(transaction, topic, partition));
      if (transaction.state === 'Ongoing' && isKnown) return Errors.NONE;
      const next = withPartitions(transaction, partitions, this.#now(), version);
      return (await this.#store(next)) ? Errors.NONE : Errors.COORDINATOR_NOT_AVAILABLE;
    });
  }

  /** Error code: whether the producer may write to the partition within its transaction now; TRANSACTION_ABORTABLE if not (KIP-890). */
  verify(transactionalId: string, producer: TransactionalProducer, topic: string, partition: number): number {
    const transaction = this.#transactions.get(transactionalId);
    const refused = refusal(transaction, producer);
    if (refused !== Errors.NONE) return refused;
    if (isEnding(transaction as Transaction)) return Errors.CONCURRENT_TRANSACTIONS;
    const { state } = transaction as Transaction;
    return state === 'Ongoing' && hasPartition(transaction as Transaction, topic, partition)
      ? Errors.NONE
      : Errors.TRANSACTION_ABORTABLE;
  }

  /**
   * NONE: the outcome is durable, and every partition will learn of it; with the id and epoch for the producer's next
   * transaction. `version` as for `endOf`.
   */
  endTransaction(
    transactionalId: string,
    producer: TransactionalProducer,
    committed: boolean,
    version: TransactionVersion,
  ): Promise<EndAnswer> {
    if (transactionalId === '') return Promise.resolve({ errorCode: Errors.INVALID_REQUEST, ...NO_PRODUCER });
    return this.#exclusive(transactionalId, async () => {
      const current = this.#transactions.get(transactionalId);
      const outcome = endOf(current, producer, committed, version, this.#now());
      if (!('prepare' in outcome)) return outcome;
      const needsId = version === 2 && isUsedUp(current as Transaction);
      const nextProducerId = needsId ? await this.#options.nextProducerId() : -1n;
      const prepared = { ...outcome.prepare, nextProducerId };
      if (!(await this.#end(prepared))) return { errorCode: Errors.COORDINATOR_NOT_AVAILABLE, ...NO_PRODUCER };
      const { producerId, producerEpoch } = completed(prepared, prepared.lastUpdateMs);
      return { errorCode: Errors.NONE, producerId, producerEpoch };
    });
  }

  /**
   * Aborts what is open for longer than its time-out, ends what could not be ended before (or was prepared when the
   * broker died), forgets ids that were not used for long. Never rejects.
   */
  async tick(): Promise<void> {
    await Promise.all(
      [...this.#transactions.keys()].map((transactionalId) =>
        this.#exclusive(transactionalId, async () => {
          const transaction = this.#transactions.get(transactionalId);
          if (!transaction) return;
          if (isEnding(transaction)) {
            await this.#complete(transaction);
          } else if (transaction.state === 'Ongoing') {
            if (this.#openFor(transaction) <= transaction.timeoutMs) return;
            this.#options.logger.info(
              `The transaction of ${transactionalId} (producer ${transaction.producerId}) is aborted: it was open for longer than its ${transaction.timeoutMs} ms.`,
            );
            await this.#end(fenced(transaction, this.#now()));
          } else if (
            this.#now() - transaction.lastUpdateMs > BigInt(this.#options.idExpirationMs) &&
            this.#options.mayForget()
          ) {
            await this.#forget(transactionalId);
          }
        }),
      ),
    );
  }

  /** False when it can't be written. From the preparation on the outcome stands, whatever becomes of this process. */
  async #end(prepared: Transaction): Promise<boolean> {
    if (!(await this.#store(prepared))) return false;
    await this.#complete(prepared);
    return true;
  }

  /** Where a partition can't take its marker now, the next tick tries again. */
  async #complete(prepared: Transaction): Promise<void> {
    const { transactionalId, producerId, producerEpoch } = prepared;
    const committed = prepared.state === 'PrepareCommit';
    const marker = { producerId, producerEpoch, coordinatorEpoch: COORDINATOR_EPOCH, committed };
    const written = [...prepared.partitions].flatMap(([topic, partitions]) =>
      [...partitions].map((partition) => this.#options.endTransaction(topic, partition, marker)),
    );
    const failed = (await Promise.allSettled(written)).find((result) => result.status === 'rejected');
    if (failed) {
      this.#options.logger.warn(
        `The ${committed ? 'commit' : 'abort'} of ${transactionalId} could not be written to all its partitions; it is tried again`,
        failed.reason,
      );
      return;
    }
    await this.#store(completed(prepared, this.#now()));
  }

  async #store(transaction: Transaction): Promise<boolean> {
    const { transactionalId } = transaction;
    if (!(await this.#append(transactionalId, transactionRecord(transactionalId, transaction)))) return false;
    this.#transactions.set(transactionalId, transaction);
    if (transaction.state !== 'Ongoing') this.#openSince.delete(transactionalId);
    else if (!this.#openSince.has(transactionalId)) this.#openSince.set(transactionalId, this.#monotonic());
    return true;
  }

  /** ms, whatever the wall clock does meanwhile. It alone knows of what began before this start. */
  #openFor({ transactionalId, startMs }: Transaction): number {
    const now = this.#monotonic();
    const since = this.#openSince.get(transactionalId) ?? now - Math.max(0, Number(this.#now() - startMs));
    this.#openSince.set(transactionalId, since);
    return now - since;
  }

  async #forget(transactionalId: string): Promise<void> {
    if (await this.#append(transactionalId, transactionRecord(transactionalId, null))) {
      this.#transactions.delete(transactionalId);
    }
  }

  #append(transactionalId: string, record: CoordinatorRecord): Promise<boolean> {
    return this.#options.log.append(transactionalId, [record]).then(
      () => true,
      (error: unknown) => {
        this.#options.logger.warn(`The state of ${transactionalId} could not be written to __transaction_state`, error);
        return false;
      },
    );
  }

  #monotonic(): number {
    return this.#options.time.hiResMilliseconds();
  }

  #now(): bigint {
    return BigInt(this.#options.time.milliseconds());
  }

  /** One request of an id at a time, in the order in which they came. */
  #exclusive<T>(transactionalId: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(transactionalId) ?? new Turns();
    this.#turns.set(transactionalId, turns);
    return turns.take(work).finally(() => {
      if (turns.isIdle) this.#turns.delete(transactionalId);
    });
  }
}

/** Error code for a producer that is not the one which has the id now. */
function refusal(transaction: Transaction | undefined, producer: TransactionalProducer): number {
  if (transaction?.producerId !== producer.producerId) return Errors.INVALID_PRODUCER_ID_MAPPING;
  return transaction.producerEpoch === producer.producerEpoch ? Errors.NONE : Errors.PRODUCER_FENCED;
}
