import * as messages from '../../../../main/protocol/messages/index.ts';
import type { Api, RequestInput } from '../../../../main/protocol/schema/api.ts';
import { type BehaviourCase, casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch } from '../requests.ts';

/** A request that every version can carry, and whose answer does not depend on what else is there. */
interface Asked<A extends Api = Api> {
  readonly api: A;
  readonly body: (broker: PlayedBroker, topic: { name: string; topicId: string }, version: number) => RequestInput<A>;
  /** What of the answer is the case's own. */
  readonly pick?: (answer: never, broker: PlayedBroker) => unknown;
}

const asked = <A extends Api>(api: A, body: Asked<A>['body'], pick?: Asked<A>['pick']): Asked =>
  ({ api, body, pick }) as unknown as Asked;

const NOBODYS = { producerId: 5_000_000n, producerEpoch: 0 };

const EVERY: readonly Asked[] = [
  asked(messages.produce, (_, { name, topicId }) => ({
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ name, topicId, partitionData: [{ index: 0, records: batch(['x']) }] }],
  })),
  asked(messages.fetch, (_, { name, topicId }) => ({
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1000,
    topics: [{ topic: name, topicId, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }] }],
  })),
  asked(messages.listOffsets, (_, { name }) => ({
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    timeoutMs: 1000,
  })),
  asked(messages.metadata, (_, { name }) => ({ topics: [{ name }], includeTopicAuthorizedOperations: false })),
  asked(messages.offsetCommit, (broker, { name, topicId }) => ({
    groupId: broker.named('g'),
    memberId: '',
    topics: [{ name, topicId, partitions: [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: 'm' }] }],
  })),
  asked(messages.offsetFetch, (broker, { name, topicId }) => ({
    groupId: broker.named('g'),
    topics: [{ name, partitionIndexes: [0, 1] }],
    groups: [{ groupId: broker.named('g'), topics: [{ name, topicId, partitionIndexes: [0, 1] }] }],
  })),
  asked(messages.findCoordinator, (broker) => ({ key: broker.named('g'), coordinatorKeys: [broker.named('g')] })),
  asked(messages.joinGroup, (broker) => ({
    groupId: broker.named('g'),
    sessionTimeoutMs: 1,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })),
  asked(messages.heartbeat, (broker) => ({ groupId: broker.named('g'), generationId: 1, memberId: 'nobody' })),
  asked(messages.leaveGroup, (broker) => ({
    groupId: broker.named('g'),
    memberId: 'nobody',
    members: [{ memberId: 'nobody' }],
  })),
  asked(messages.syncGroup, (broker) => ({
    groupId: broker.named('g'),
    generationId: 1,
    memberId: 'nobody',
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [],
  })),
  asked(messages.describeGroups, (broker) => ({ groups: [broker.named('g')], includeAuthorizedOperations: false })),
  asked(
    messages.listGroups,
    () => ({ statesFilter: [], typesFilter: [] }),
    ({ groups: _, ...rest }: messages.ListGroupsResponse) => rest,
  ),
  asked(
    messages.apiVersions,
    () => ({ clientSoftwareName: 'suite', clientSoftwareVersion: '1' }),
    (answer: messages.ApiVersionsResponse) => answer.errorCode,
  ),
  asked(
    messages.createTopics,
    (broker, _, version) => ({
      topics: [
        { name: broker.named(`v${version}`), numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] },
      ],
      timeoutMs: 30_000,
    }),
    ({ topics, ...rest }: messages.CreateTopicsResponse) => ({
      ...rest,
      topics: topics.map(({ configs, ...topic }) => ({ ...topic, settings: (configs?.length ?? 0) > 0 })),
    }),
  ),
  asked(messages.deleteTopics, (broker) => ({
    topics: [{ name: broker.named('none'), topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    topicNames: [broker.named('none')],
    timeoutMs: 1000,
  })),
  asked(messages.deleteRecords, (_, { name }) => ({
    topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0n }] }],
    timeoutMs: 30_000,
  })),
  asked(messages.initProducerId, () => ({ transactionalId: null, transactionTimeoutMs: 1000 })),
  asked(messages.offsetForLeaderEpoch, (_, { name }) => ({
    topics: [{ topic: name, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
  })),
  asked(messages.addPartitionsToTxn, (broker, { name }) => ({
    transactions: [
      { transactionalId: broker.named('txn'), ...NOBODYS, verifyOnly: false, topics: [{ name, partitions: [0] }] },
    ],
    v3AndBelowTransactionalId: broker.named('txn'),
    v3AndBelowProducerId: NOBODYS.producerId,
    v3AndBelowProducerEpoch: 0,
    v3AndBelowTopics: [{ name, partitions: [0] }],
  })),
  asked(messages.addOffsetsToTxn, (broker) => ({
    transactionalId: broker.named('txn'),
    ...NOBODYS,
    groupId: broker.named('g'),
  })),
  asked(messages.endTxn, (broker) => ({ transactionalId: broker.named('txn'), ...NOBODYS, committed: true })),
  asked(messages.txnOffsetCommit, (broker, { name }) => ({
    transactionalId: broker.named('txn'),
    groupId: broker.named('g'),
    ...NOBODYS,
    topics: [{ name, partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }] }],
  })),
  asked(messages.describeConfigs, (_, { name }) => ({
    resources: [{ resourceType: 2, resourceName: name, configurationKeys: ['segment.ms'] }],
    includeSynonyms: true,
  })),
  asked(messages.alterConfigs, (_, { name }) => ({
    resources: [{ resourceType: 2, resourceName: name, configs: [{ name: 'segment.ms', value: '5000' }] }],
    validateOnly: false,
  })),
  asked(
    messages.describeLogDirs,
    (_, { name }) => ({ topics: [{ topic: name, partitions: [0] }] }),
    ({ results, ...rest }: messages.DescribeLogDirsResponse) => ({
      ...rest,
      results: results.map(({ totalBytes: _, usableBytes: __, ...result }) => result),
    }),
  ),
  asked(messages.createPartitions, (_, { name }, version) => ({
    topics: [{ name, count: version + 3, assignments: null }],
    timeoutMs: 30_000,
    validateOnly: false,
  })),
  asked(messages.deleteGroups, (broker) => ({ groupsNames: [broker.named('none')] })),
  asked(messages.incrementalAlterConfigs, (_, { name }) => ({
    resources: [
      { resourceType: 2, resourceName: name, configs: [{ name: 'segment.ms', configOperation: 0, value: '5000' }] },
    ],
    validateOnly: false,
  })),
  asked(messages.offsetDelete, (broker, { name }) => ({
    groupId: broker.named('none'),
    topics: [{ name, partitions: [{ partitionIndex: 0 }] }],
  })),
  asked(messages.describeCluster, () => ({ includeClusterAuthorizedOperations: false, includeFencedBrokers: false })),
  asked(messages.describeProducers, (_, { name }) => ({ topics: [{ name, partitionIndexes: [0] }] })),
  asked(messages.describeTransactions, (broker) => ({ transactionalIds: [broker.named('none')] })),
  asked(messages.listTransactions, () => ({ stateFilters: ['Dead'], producerIdFilters: [] })),
  asked(messages.consumerGroupDescribe, (broker) => ({
    groupIds: [broker.named('none')],
    includeAuthorizedOperations: false,
  })),
  asked(messages.consumerGroupHeartbeat, (broker) => ({
    groupId: broker.named('none'),
    memberId: 'nobody',
    memberEpoch: 5,
  })),
  asked(messages.describeTopicPartitions, (_, { name }) => ({ topics: [{ name }] })),
];

/** Sends a request of a version for which there is no table: its header alone. */
async function beyond(broker: PlayedBroker, { key, versions, flexible }: Api) {
  const client = await broker.client();
  const body = flexible.min <= versions.max + 1 ? '00'.repeat(40) : '0000'.repeat(20);
  const bytes = Buffer.from(`00000000${'0000'.repeat(2)}00000001ffff${body}`, 'hex');
  bytes.writeInt32BE(bytes.length - 4, 0);
  bytes.writeInt16BE(key, 4);
  bytes.writeInt16BE(versions.max + 1, 6);
  client.send(bytes);
  await client.closed;
  return client.strays;
}

export const EVERY_VERSION_CASES: readonly BehaviourCase[] = EVERY.flatMap(({ api, body, pick }) =>
  casesOf(api.name, {
    'every version is answered': async (broker) => {
      const name = broker.named('versions');
      const { topicId } = await broker.topic(name, 2);
      const answers = new Map<string, unknown>();
      for (let version = api.versions.min; version <= api.versions.max; version++) {
        const answer = await broker.askOrClosed(api, version, body(broker, { name, topicId }, version));
        answers.set(`${version}`, pick && typeof answer !== 'string' ? pick(answer as never, broker) : answer);
      }
      return Object.fromEntries(answers);
    },
    ...(api.key === messages.apiVersions.key
      ? {}
      : { 'a version beyond ends the connection': (broker: PlayedBroker) => beyond(broker, api) }),
  }),
);
