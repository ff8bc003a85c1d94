import {
  Errors,
  type FetchResponseInput,
  fetch,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  syncGroup,
} from '../../main/protocol/messages/index.ts';
import { encodeRecordBatch } from '../../main/protocol/records/encode-records.ts';
import { FakeBroker } from './fake-broker.ts';

type PartitionAnswer = FetchResponseInput['responses'][number]['partitions'][number];

/** One partition that a test fills and spoils. */
export class ScriptedPartition {
  /** Batches in order, as they are fetched: one a fetch. */
  readonly batches: { baseOffset: bigint; bytes: Buffer }[] = [];
  startOffset = 0n;
  endOffset = 0n;
  /** Answered once each, before anything else. */
  readonly errors: number[] = [];
  fetches = 0;

  append(...values: string[]): void {
    const records = values.map((value) => ({ timestamp: 1n, key: null, value: Buffer.from(value) }));
    this.batches.push({
      baseOffset: this.endOffset,
      bytes: encodeRecordBatch(records, { baseOffset: this.endOffset }),
    });
    this.endOffset += BigInt(values.length);
  }

  /** Null: nothing there yet, so a fetch waits. */
  fetch(offset: bigint): Omit<PartitionAnswer, 'partitionIndex'> | null {
    this.fetches++;
    const errorCode = this.errors.shift() ?? 0;
    const state = {
      highWatermark: this.endOffset,
      lastStableOffset: this.endOffset,
      abortedTransactions: null,
      records: null,
    };
    if (errorCode !== 0) return { errorCode, ...state };
    if (offset < this.startOffset || offset > this.endOffset)
      return { errorCode: Errors.OFFSET_OUT_OF_RANGE, ...state };
    const batch = this.batches.findLast(({ baseOffset }) => baseOffset <= offset) ?? this.batches[0];
    if (offset === this.endOffset || !batch) return null;
    return { errorCode: 0, ...state, records: batch.bytes };
  }
}

/** A broker with one topic `t`, whose partitions and group a test writes; over real sockets, in no time. */
export class ScriptedCluster {
  readonly broker = new FakeBroker();
  readonly partitions: ScriptedPartition[];
  topicId = 'AAAAAAAAAAAAAAAAAAAAAQ';
  readonly committed = new Map<number, bigint>();
  /** Answered to the next heartbeats and commits, by API key; 0 when none is left. */
  readonly groupErrors = new Map<number, number[]>();
  /** Fetches are answered only when it is over. */
  gate: Promise<unknown> = Promise.resolve();
  generation = 0;
  joins = 0;
  left = 0;

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => new ScriptedPartition());
  }

  async start(port = 0): Promise<this> {
    this.#answerTopics();
    this.#answerGroup();
    await this.broker.start(port);
    return this;
  }

  stop(): Promise<void> {
    return this.broker.stop();
  }

  #answerTopics(): void {
    this.broker
      .on(metadata, ({ topics }) => ({
        brokers: [{ nodeId: 1, host: '127.0.0.1', port: this.broker.port }],
        clusterId: 'scripted',
        controllerId: 1,
        errorCode: 0,
        topics: (topics ?? [{ name: 't' }]).map(({ name }) => ({
          errorCode: name === 't' ? 0 : Errors.UNKNOWN_TOPIC_OR_PARTITION,
          name,
          topicId: this.topicId,
          partitions: this.partitions.map((_, partitionIndex) => ({
            errorCode: 0,
            partitionIndex,
            leaderId: 1,
            replicaNodes: [1],
            isrNodes: [1],
            offlineReplicas: [],
          })),
        })),
      }))
      .on(listOffsets, ({ topics }) => ({
        topics: topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex, timestamp }) => ({
            partitionIndex,
            errorCode: 0,
            offset:
              timestamp === -2n
                ? this.#partition(partitionIndex).startOffset
                : this.#partition(partitionIndex).endOffset,
          })),
        })),
      }))
      .on(fetch, async ({ topics, maxWaitMs }) => {
        const responses = topics.map(({ topicId, partitions }) => ({
          topicId,
          partitions: partitions.flatMap(({ partition, fetchOffset }) => {
            if (topicId !== this.topicId) return [unknownTopicId(partition)];
            const answer = this.#partition(partition).fetch(fetchOffset);
            return answer ? [{ partitionIndex: partition, ...answer }] : [];
          }),
        }));
        await this.gate;
        // As a broker does: nothing to give, so it waits.
        if (responses.every(({ partitions }) => partitions.length === 0))
          await new Promise((resolve) => setTimeout(resolve, maxWaitMs));
        return { errorCode: 0, responses };
      });
  }

  #answerGroup(): void {
    const next = (apiKey: number) => this.groupErrors.get(apiKey)?.shift() ?? 0;
    this.broker
      .on(findCoordinator, () => ({
        coordinators: [
          { key: 'g', nodeId: 1, host: '127.0.0.1', port: this.broker.port, errorCode: 0, errorMessage: null },
        ],
        errorCode: 0,
        errorMessage: null,
        nodeId: 1,
        host: '',
        port: 0,
      }))
      .on(joinGroup, ({ memberId, protocols }) => {
        const errorCode = next(joinGroup.key);
        if (memberId === '')
          return { errorCode: Errors.MEMBER_ID_REQUIRED, protocolName: null, leader: '', memberId: 'm', members: [] };
        this.joins++;
        if (errorCode !== 0) return { errorCode, protocolName: null, leader: '', memberId, members: [] };
        this.generation++;
        const [first] = protocols;
        return {
          errorCode,
          generationId: this.generation,
          protocolType: 'consumer',
          protocolName: first?.name ?? '',
          leader: memberId,
          memberId,
          members: [{ memberId, metadata: first?.metadata ?? Buffer.alloc(0) }],
        };
      })
      .on(syncGroup, ({ assignments }) => ({
        errorCode: next(syncGroup.key),
        assignment: assignments[0]?.assignment ?? Buffer.alloc(0),
      }))
      .on(heartbeat, () => ({ errorCode: next(heartbeat.key) }))
      .on(leaveGroup, () => {
        this.left++;
        return { errorCode: 0, members: [] };
      })
      .on(offsetCommit, ({ topics }) => {
        const errorCode = next(offsetCommit.key);
        return {
          topics: topics.map(({ name, partitions }) => ({
            name,
            partitions: partitions.map(({ partitionIndex, committedOffset }) => {
              if (errorCode === 0) this.committed.set(partitionIndex, committedOffset);
              return { partitionIndex, errorCode };
            }),
          })),
        };
      })
      .on(offsetFetch, ({ groups }) => ({
        topics: [],
        groups: groups.map(({ groupId, topics }) => ({
          groupId,
          errorCode: 0,
          topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
            name,
            partitions: partitionIndexes.map((partitionIndex) => ({
              partitionIndex,
              committedOffset: this.committed.get(partitionIndex) ?? -1n,
              metadata: '',
              errorCode: 0,
            })),
          })),
        })),
      }));
  }

  #partition(index: number): ScriptedPartition {
    return this.partitions[index] as ScriptedPartition;
  }
}

function unknownTopicId(partitionIndex: number): PartitionAnswer {
  return {
    partitionIndex,
    errorCode: Errors.UNKNOWN_TOPIC_ID,
    highWatermark: -1n,
    lastStableOffset: -1n,
    abortedTransactions: null,
    records: null,
  };
}
