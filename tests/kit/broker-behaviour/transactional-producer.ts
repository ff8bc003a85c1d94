import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  describeTransactions,
  Errors,
  endTxn,
  initProducerId,
  txnOffsetCommit,
} from '../../../main/protocol/messages/index.ts';
import type { RequestInput } from '../../../main/protocol/schema/api.ts';
import type { PlayedBroker } from './played-broker.ts';
import { batch, write } from './requests.ts';

interface Identity {
  producerId: bigint;
  producerEpoch: number;
}

const NOBODY: Identity = { producerId: -1n, producerEpoch: -1 };

/** The requests of a transactional producer one by one, each with its own version; answers are Kafka's or their codes. */
export class TransactionalProducer {
  readonly #broker: PlayedBroker;
  readonly transactionalId: string;
  /** What the broker gave it last. */
  identity: Identity = NOBODY;

  constructor(broker: PlayedBroker, transactionalId: string) {
    this.#broker = broker;
    this.transactionalId = transactionalId;
  }

  /** One that has its id. */
  static async begun(broker: PlayedBroker, stem = 'x'): Promise<TransactionalProducer> {
    const producer = new TransactionalProducer(broker, broker.named(stem));
    await producer.init();
    return producer;
  }

  /** The next epoch. Kafka ends an open transaction first and wants to be asked again. */
  async init(over: { version?: number; timeoutMs?: number; expected?: Identity; once?: boolean } = {}) {
    const { version = 5, timeoutMs = 60_000, expected = NOBODY, once = false } = over;
    const ask = () =>
      this.#broker.ask(initProducerId, version, {
        transactionalId: this.transactionalId,
        transactionTimeoutMs: timeoutMs,
        ...expected,
      });
    const answer = once
      ? await ask()
      : await this.#broker.until(ask, ({ errorCode }) => errorCode !== Errors.CONCURRENT_TRANSACTIONS);
    if (answer.errorCode === 0) this.#is(answer);
    return answer;
  }

  /** Error code of each partition. */
  async add(topic: string, partitions: readonly number[], over: { version?: number; as?: Identity } = {}) {
    const { version = 3, as = this.identity } = over;
    const topics = [{ name: topic, partitions: [...partitions] }];
    const answer = await this.#broker.ask(
      addPartitionsToTxn,
      version,
      version < 4
        ? {
            v3AndBelowTransactionalId: this.transactionalId,
            v3AndBelowProducerId: as.producerId,
            v3AndBelowProducerEpoch: as.producerEpoch,
            v3AndBelowTopics: topics,
          }
        : { transactions: [{ transactionalId: this.transactionalId, ...as, verifyOnly: false, topics }] },
    );
    const results = answer.resultsByTransaction[0]?.topicResults ?? answer.resultsByTopicV3AndBelow;
    return codesByIndex(results.flatMap(({ resultsByPartition }) => resultsByPartition));
  }

  /** Error code of each partition: whether it may be written to. */
  async verify(topic: string, partitions: readonly number[], version = 5) {
    const topics = [{ name: topic, partitions: [...partitions] }];
    const answer = await this.#broker.ask(addPartitionsToTxn, version, {
      transactions: [{ transactionalId: this.transactionalId, ...this.identity, verifyOnly: true, topics }],
    });
    return codesByIndex(answer.resultsByTransaction.flatMap((each) => each.topicResults[0]!.resultsByPartition));
  }

  /** One record into a partition; the code and, where it was written, its offset. */
  async write(
    topic: string,
    sequence: number,
    over: { version?: number; partition?: number; as?: Identity; id?: string } = {},
  ) {
    const { version = 12, partition = 0, as = this.identity, id = this.transactionalId } = over;
    const records = batch([`${as.producerEpoch}.${sequence}`], { ...as, baseSequence: sequence, transactional: true });
    const { errorCode, baseOffset } = await write(this.#broker, topic, records, {
      version,
      partition,
      transactionalId: id,
    });
    return errorCode === 0 ? { errorCode, baseOffset } : { errorCode };
  }

  /** From version 5 on the answer has the identity for the next transaction, which it takes. */
  async end(committed: boolean, over: { version?: number; as?: Identity } = {}) {
    const { version = 5, as = this.identity } = over;
    const { transactionalId } = this;
    const answer = await this.#broker.ask(endTxn, version, { transactionalId, ...as, committed });
    if (answer.errorCode === 0 && version >= 5) this.#is(answer);
    return answer;
  }

  /** It ends, and every partition knows: Kafka answers before that. */
  async ended(committed: boolean, over: { version?: number } = {}) {
    const answer = await this.end(committed, over);
    await this.settled();
    return answer;
  }

  /** Waits until no end is under way. */
  settled() {
    return this.#broker.until(
      () => this.described(),
      ({ transactionState }) => !transactionState.startsWith('Prepare'),
    );
  }

  async addOffsets(groupId: string, over: { version?: number; as?: Identity } = {}) {
    const { version = 4, as = this.identity } = over;
    const { transactionalId } = this;
    return (await this.#broker.ask(addOffsetsToTxn, version, { transactionalId, ...as, groupId })).errorCode;
  }

  /** Error code of each partition of a topic. */
  async commitOffset(
    groupId: string,
    topic: string,
    over: Partial<RequestInput<typeof txnOffsetCommit>> & {
      version?: number;
      as?: Identity;
      partitions?: readonly number[];
      metadata?: string;
    } = {},
  ) {
    const { version = 5, as = this.identity, partitions = [0], metadata = '', ...request } = over;
    const answer = await this.#broker.ask(txnOffsetCommit, version, {
      transactionalId: this.transactionalId,
      groupId,
      ...as,
      topics: [
        {
          name: topic,
          partitions: partitions.map((partitionIndex) => ({
            partitionIndex,
            committedOffset: 5n,
            committedMetadata: metadata,
          })),
        },
      ],
      ...request,
    });
    return codesByIndex(
      answer.topics
        .flatMap((each) => each.partitions)
        .map(({ partitionIndex, errorCode }) => ({ partitionIndex, partitionErrorCode: errorCode })),
    );
  }

  async described() {
    const { transactionStates } = await this.#broker.ask(describeTransactions, 0, {
      transactionalIds: [this.transactionalId],
    });
    const [state] = transactionStates;
    // Kafka's order is that of a hash table.
    for (const { partitions } of state!.topics) partitions.sort((a, b) => a - b);
    return state!;
  }

  #is({ producerId, producerEpoch }: Identity): void {
    this.identity = { producerId, producerEpoch };
  }
}

/** Kafka's order is that of a hash table. */
function codesByIndex(results: readonly { partitionIndex: number; partitionErrorCode: number }[]): number[] {
  return [...results].sort((a, b) => a.partitionIndex - b.partitionIndex).map((each) => each.partitionErrorCode);
}
