import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { Errors } from '../../protocol/messages/index.ts';
import type { TransactionMarker } from '../log/transaction-marker.ts';
import type { CoordinatorRecord, TransactionalProducer } from './coordinator-topic.ts';
import { hasPartition, LAST_EPOCH, type Transaction, withPartitions } from './transaction.ts';
import { readTransactionRecord, transactionRecord } from './transaction-records.ts';

/** There is one broker: its coordinator is never replaced. */
const COORDINATOR_EPOCH = 0;
const NO_PRODUCER: TransactionalProducer = { producerId: -1n, producerEpoch: -1 };

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

export interface InitProducerIdAnswer extends TransactionalProducer {
  errorCode: number;
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
  readonly #queues = new Map<string, Promise<unknown>>();

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
  initProducerId(
    transactionalId: string,
    timeoutMs: number,
    expected: TransactionalProducer,
  ): Promise<InitProducerIdAnswer> {
    const refused = (errorCode: number) => ({ errorCode, ...NO_PRODUCER });
    if (transactionalId === '') return Promise.resolve(refused(Errors.INVALID_REQUEST));
    if (timeoutMs <= 0 || timeoutMs > this.#options.maxTimeoutMs) {
      return Promise.resolve(refused(Errors.INVALID_TRANSACTION_TIMEOUT));
    }
    return this.#exclusive(transactionalId, async () => {
      let current = this.#transactions.get(transactionalId);
      const isExpected = expected.producerId >= 0n;
      if (current && isExpected) {
        if (current.producerId !== expected.producerId) return refused(Errors.PRODUCER_FENCED);
        if (expected.producerEpoch === current.lastProducerEpoch) {
          // The answer to its last request was lost.
          return { errorCode: Errors.NONE, producerId: current.producerId, producerEpoch: current.producerEpoch };
        }
        if (expected.producerEpoch !== current.producerEpoch) return refused(Errors.PRODUCER_FENCED);
      }
      if (current && isEnding(current)) return refused(Errors.CONCURRENT_TRANSACTIONS);
      if (current?.state === 'Ongoing') {
        const errorCode = await this.#end(fenced(current), false);
        if (errorCode !== Errors.NONE) return refused(errorCode);
        current = this.#transactions.get(transactionalId) as Transaction;
        if (isEnding(current)) return refused(Errors.CONCURRENT_TRANSACTIONS);
      }
      const isUsedUp = current === undefined || current.producerEpoch >= LAST_EPOCH;
      const next: Transaction = {
        transactionalId,
        producerId: isUsedUp ? await this.#options.nextProducerId() : current!.producerId,
        producerEpoch: isUsedUp ? 0 : current!.producerEpoch + 1,
        lastProducerEpoch: isExpected && !isUsedUp ? expected.producerEpoch : -1,
        timeoutMs,
        state: 'Empty',
        partitions: new Map(),
        startMs: -1n,
        lastUpdateMs: this.#now(),
      };
      if (!(await this.#store(next))) return refused(Errors.COORDINATOR_NOT_AVAILABLE);
      return { errorCode: Errors.NONE, producerId: next.producerId, producerEpoch: next.producerEpoch };
    });
  }

  /** Error code. The partitions are there; they are part of the transaction when it resolves. */
  addPartitions(
    transactionalId: string,
    producer: TransactionalProducer,
    partitions: readonly { topic: string; partition: number }[],
  ): Promise<number> {
    return this.#exclusive(transactionalId, async () => {
      const current = this.#transactions.get(transactionalId);
      const refused = refusal(current, producer);
      if (refused !== Errors.NONE) return refused;
      const transaction = current as Transaction;
      if (isEnding(transaction)) return Errors.CONCURRENT_TRANSACTIONS;
      const isKnown = partitions.every(({ topic, partition }) => hasPartition(transaction, topic, partition));
      if (transaction.state === 'Ongoing' && isKnown) return Errors.NONE;
      const next = withPartitions(transaction, partitions, this.#now());
      return (await this.#store(next)) ? Errors.NONE : Errors.COORDINATOR_NOT_AVAILABLE;
    });
  }

  /** Error code: whether the producer may write to the partition within its transaction now (KIP-890). */
  verify(transactionalId: string, producer: TransactionalProducer, topic: string, partition: number): number {
    const transaction = this.#transactions.get(transactionalId);
    const refused = refusal(transaction, producer);
    if (refused !== Errors.NONE) return refused;
    const { state } = transaction as Transaction;
    return state === 'Ongoing' && hasPartition(transaction as Transaction, topic, partition)
      ? Errors.NONE
      : Errors.INVALID_TXN_STATE;
  }

  /** Error code. NONE: the outcome is durable, and every partition will learn of it. */
  endTransaction(transactionalId: string, producer: TransactionalProducer, committed: boolean): Promise<number> {
    return this.#exclusive(transactionalId, async () => {
      const current = this.#transactions.get(transactionalId);
      const refused = refusal(current, producer);
      if (refused !== Errors.NONE) return refused;
      const transaction = current as Transaction;
      switch (transaction.state) {
        case 'Ongoing':
          return this.#end(transaction, committed);
        // The answer to the same request was lost.
        case 'CompleteCommit':
          return committed ? Errors.NONE : Errors.INVALID_TXN_STATE;
        case 'CompleteAbort':
          return committed ? Errors.INVALID_TXN_STATE : Errors.NONE;
        case 'PrepareCommit':
          return committed ? Errors.CONCURRENT_TRANSACTIONS : Errors.INVALID_TXN_STATE;
        case 'PrepareAbort':
          return committed ? Errors.INVALID_TXN_STATE : Errors.CONCURRENT_TRANSACTIONS;
        default:
          return Errors.INVALID_TXN_STATE;
      }
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
            await this.#end(fenced(transaction), false);
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

  /** Error code. From the preparation on the outcome stands, whatever becomes of this process. */
  async #end(transaction: Transaction, committed: boolean): Promise<number> {
    const prepared: Transaction = {
      ...transaction,
      state: committed ? 'PrepareCommit' : 'PrepareAbort',
      lastUpdateMs: this.#now(),
    };
    if (!(await this.#store(prepared))) return Errors.COORDINATOR_NOT_AVAILABLE;
    await this.#complete(prepared);
    return Errors.NONE;
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
    await this.#store({
      ...prepared,
      state: committed ? 'CompleteCommit' : 'CompleteAbort',
      partitions: new Map(),
      lastUpdateMs: this.#now(),
    });
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
    const result = (this.#queues.get(transactionalId) ?? Promise.resolve()).then(work);
    const settled: Promise<unknown> = result
      // A failure is the caller's; the next request must not fall over it.
      .catch(() => {})
      .finally(() => {
        if (this.#queues.get(transactionalId) === settled) this.#queues.delete(transactionalId);
      });
    this.#queues.set(transactionalId, settled);
    return result;
  }
}

/** Its outcome stands, its partitions don't all know. */
function isEnding({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort' || state === 'PrepareEpochFence';
}

/** Under an epoch that nobody has. */
function fenced(transaction: Transaction): Transaction {
  return { ...transaction, producerEpoch: transaction.producerEpoch + 1, lastProducerEpoch: -1 };
}

/** Error code for a producer that is not the one which has the id now. */
function refusal(transaction: Transaction | undefined, producer: TransactionalProducer): number {
  if (transaction?.producerId !== producer.producerId) return Errors.INVALID_PRODUCER_ID_MAPPING;
  return transaction.producerEpoch === producer.producerEpoch ? Errors.NONE : Errors.PRODUCER_FENCED;
}
