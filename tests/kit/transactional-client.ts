import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  endTxn,
  initProducerId,
  offsetFetch,
  produce,
  txnOffsetCommit,
} from '../../main/protocol/messages/index.ts';
import type { Requests } from './in-process-broker.ts';
import { batchOf } from './log-environment.ts';
import { type Isolation, readPartition } from './partition-records.ts';

export interface Identity {
  producerId: bigint;
  producerEpoch: number;
}

/** The requests of a transactional producer and of a consumer of committed records, one by one. */
export class TransactionalClient {
  readonly #client: Requests;
  readonly transactionalId: string;
  /** 2: partitions are added by writing to them, and every end brings the next epoch (KIP-890). */
  version: 0 | 2 = 0;
  /** What the last `init` gave. */
  identity: Identity = { producerId: -1n, producerEpoch: -1 };
  readonly #sequences = new Map<number, number>();

  constructor(client: Requests, transactionalId: string) {
    this.#client = client;
    this.transactionalId = transactionalId;
  }

  /** Error code. */
  async init(timeoutMs = 60_000, expected: Identity = { producerId: -1n, producerEpoch: -1 }): Promise<number> {
    const { transactionalId } = this;
    const { errorCode, producerId, producerEpoch } = await this.#client.request(initProducerId, 5, {
      transactionalId,
      transactionTimeoutMs: timeoutMs,
      ...expected,
    });
    if (errorCode === 0) {
      this.identity = { producerId, producerEpoch };
      this.#sequences.clear();
    }
    return errorCode;
  }

  /** Error code of each partition. */
  async add(topic: string, ...partitions: number[]): Promise<number[]> {
    const { resultsByTopicV3AndBelow } = await this.#client.request(addPartitionsToTxn, 3, {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.identity.producerId,
      v3AndBelowProducerEpoch: this.identity.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
    });
    return resultsByTopicV3AndBelow[0]!.resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode);
  }

  /** Error code. */
  async write(topic: string, partition: number, values: readonly string[]): Promise<number> {
    const baseSequence = this.#sequences.get(partition) ?? 0;
    this.#sequences.set(partition, baseSequence + values.length);
    const records = batchOf(values, { ...this.identity, baseSequence, transactional: true });
    const { responses } = await this.#client.request(produce, this.version === 2 ? 12 : 11, {
      transactionalId: this.transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    });
    return responses[0]!.partitionResponses[0]!.errorCode;
  }

  /** Error code. */
  async end(committed: boolean): Promise<number> {
    const { transactionalId, identity } = this;
    const version = this.version === 2 ? 5 : 4;
    const answer = await this.#client.request(endTxn, version, { transactionalId, ...identity, committed });
    if (answer.errorCode === 0 && this.version === 2) {
      this.identity = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
      this.#sequences.clear();
    }
    return answer.errorCode;
  }

  /** Error code. */
  async addOffsets(groupId: string): Promise<number> {
    const { transactionalId, identity } = this;
    return (await this.#client.request(addOffsetsToTxn, 3, { transactionalId, ...identity, groupId })).errorCode;
  }

  /** Error code. */
  async commitOffset(groupId: string, topic: string, partition: number, offset: bigint): Promise<number> {
    const committed = { partitionIndex: partition, committedOffset: offset, committedMetadata: '' };
    const { topics } = await this.#client.request(txnOffsetCommit, this.version === 2 ? 5 : 3, {
      transactionalId: this.transactionalId,
      groupId,
      ...this.identity,
      topics: [{ name: topic, partitions: [committed] }],
    });
    return topics[0]!.partitions[0]!.errorCode;
  }

  /** What a consumer finds that reads everything from the beginning; with `waitMs` it waits for the first byte. */
  async read(topic: string, partition: number, isolation: Isolation, waitMs = 0) {
    const found = await readPartition(this.#client, topic, partition, isolation, { waitMs });
    const { lastStableOffset, highWatermark } = found;
    return { values: found.records.map(({ value }) => value), lastStableOffset, highWatermark };
  }

  /** The committed offset of a partition, or the error code. */
  async committed(groupId: string, topic: string, partition: number, requireStable: boolean) {
    const { groups } = await this.#client.request(offsetFetch, 9, {
      groups: [{ groupId, memberId: null, memberEpoch: -1, topics: [{ name: topic, partitionIndexes: [partition] }] }],
      requireStable,
    });
    const { errorCode, committedOffset } = groups[0]!.topics[0]!.partitions[0]!;
    return errorCode === 0 ? committedOffset : errorCode;
  }
}
