import { createTopics, Errors } from '../../../../main/protocol/messages/index.ts';
import { ZERO_UUID } from '../../../../main/protocol/schema/uuid.ts';
import { casesOf, type Difference, differing, WORDS, withDifference } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { create, newTopic } from '../requests.ts';
import { DEFAULTS_WHY, ownDefault } from './32-describe-configs.ts';

type Over = Parameters<typeof newTopic>[1];
const one =
  (over: Over, { validateOnly = false, version = 7 } = {}) =>
  async (broker: PlayedBroker) => {
    const name = broker.named('t');
    const answer = await create(broker, [newTopic(name, over)], { validateOnly, version });
    // What was refused, or only checked, is not there.
    // Of what was only checked Kafka tells an id that nobody has.
    if (validateOnly) for (const topic of answer) topic.topicId = '';
    const made = answer[0]?.errorCode === 0 && !validateOnly;
    if (made) await broker.untilPartitions(name, answer[0]!.numPartitions);
    return { answer, partitions: (await broker.describe(name)).partitions.length };
  };
const named = (name: string) => async (broker: PlayedBroker) => {
  const answer = await create(broker, [newTopic(name)], { validateOnly: true });
  return answer.map(({ topicId: _, ...topic }) => topic);
};

const SETTINGS: readonly (readonly [string, string | null])[] = [
  ['no.such.setting', '1'],
  ['', '1'],
  ['__proto__', '1'],
  ['retention.ms', 'soon'],
  ['retention.ms', ''],
  ['retention.ms', ' 1000 '],
  ['retention.ms', '-2'],
  ['retention.ms', '9223372036854775808'],
  ['retention.ms', '1e3'],
  ['retention.ms', '+5'],
  ['retention.ms', null],
  ['retention.bytes', '-2'],
  ['segment.bytes', '1'],
  ['segment.bytes', '2147483648'],
  ['segment.bytes', '1048576'],
  ['segment.ms', '0'],
  ['segment.index.bytes', '3'],
  ['index.interval.bytes', '-1'],
  ['max.message.bytes', '-1'],
  ['cleanup.policy', 'remove'],
  ['cleanup.policy', ''],
  ['cleanup.policy', 'delete,compact'],
  ['cleanup.policy', 'compact , delete'],
  ['cleanup.policy', 'compact,compact'],
  ['cleanup.policy', 'COMPACT'],
  ['compression.type', 'brotli'],
  ['compression.type', 'GZIP'],
  ['compression.gzip.level', '10'],
  ['compression.gzip.level', '9'],
  ['compression.lz4.level', '18'],
  ['compression.zstd.level', '23'],
  ['message.timestamp.type', 'Now'],
  ['message.timestamp.before.max.ms', '-1'],
  ['message.timestamp.after.max.ms', 'x'],
  ['min.cleanable.dirty.ratio', '1.5'],
  ['min.cleanable.dirty.ratio', 'half'],
  ['min.insync.replicas', '0'],
  ['min.insync.replicas', '2'],
  ['preallocate', 'yes'],
  ['preallocate', 'TRUE'],
  ['unclean.leader.election.enable', '1'],
  ['flush.messages', '0'],
  ['flush.ms', '-1'],
  ['min.compaction.lag.ms', '-1'],
  ['max.compaction.lag.ms', '0'],
  ['delete.retention.ms', '-1'],
  ['file.delete.delay.ms', '-1'],
  ['segment.jitter.ms', '-1'],
  ['remote.storage.enable', 'true'],
  ['remote.storage.enable', 'false'],
  ['local.retention.ms', '-3'],
  ['local.retention.bytes', '5'],
  ['message.format.version', '3.0'],
  ['message.downconversion.enable', 'false'],
  ['follower.replication.throttled.replicas', '*'],
  ['leader.replication.throttled.replicas', '0:1'],
];

const CASES = casesOf('CreateTopics', {
  'a topic': one({ numPartitions: 3 }),
  'defaults of the broker': one({ numPartitions: -1, replicationFactor: -1 }),
  'the settings of a new topic, those that it was given and those of the broker': differing(
    async (broker) => {
      const topic = newTopic(broker.named('t'), { configs: { 'retention.ms': '1000', 'cleanup.policy': 'compact' } });
      const { topics } = await broker.ask(createTopics, 7, { topics: [topic], timeoutMs: 30_000 });
      return topics[0]!
        .configs!.map(({ name, value, configSource, isSensitive, readOnly }) => ({
          name,
          value,
          configSource,
          isSensitive,
          readOnly,
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    {
      sandbox: (kafka) => kafka.map(ownDefault),
      why: DEFAULTS_WHY,
    },
  ),
  'only to be checked': one({ numPartitions: 3 }, { validateOnly: true }),
  'no partitions': one({ numPartitions: 0 }),
  'fewer partitions than none': one({ numPartitions: -2 }),
  'no replicas': one({ replicationFactor: 0 }),
  'fewer replicas than none': one({ replicationFactor: -2 }),
  'more replicas than brokers': one({ replicationFactor: 3 }),
  'an assignment': one({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [
      { partitionIndex: 1, brokerIds: [1] },
      { partitionIndex: 0, brokerIds: [1] },
    ],
  }),
  'an assignment and a count': one({ replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
  'an assignment and a replication factor': one({
    numPartitions: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [1] }],
  }),
  'an assignment to a broker that is not there': one({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [7] }],
  }),
  'an assignment to no broker': one({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [] }],
  }),
  'an assignment to one broker twice': one({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }],
  }),
  'an assignment with a gap': one({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [
      { partitionIndex: 0, brokerIds: [1] },
      { partitionIndex: 2, brokerIds: [1] },
    ],
  }),
  'an assignment of one partition twice': one({
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [
      { partitionIndex: 0, brokerIds: [1] },
      { partitionIndex: 0, brokerIds: [1] },
    ],
  }),
  'a topic that is there already': async (broker) => {
    await broker.topic(broker.named('t'));
    return create(broker, [newTopic(broker.named('t'))]);
  },
  'a topic that is there already, only to be checked': async (broker) => {
    await broker.topic(broker.named('t'));
    return create(broker, [newTopic(broker.named('t'))], { validateOnly: true });
  },
  'a topic whose name differs in . and _ alone': async (broker) => {
    await broker.topic(broker.named('a.b'));
    return create(broker, [newTopic(broker.named('a_b'))]);
  },
  'two such topics in one request': differing(
    (broker) => create(broker, [newTopic(broker.named('a.b')), newTopic(broker.named('a_b'))]),
    {
      sandbox: ([first, second]) => [
        first,
        {
          ...second,
          topicId: ZERO_UUID,
          errorCode: Errors.INVALID_TOPIC_EXCEPTION,
          errorMessage: WORDS,
          numPartitions: -1,
          replicationFactor: -1,
        },
      ],
      why: 'Two topics whose names differ in . and _ alone are not made by one request either; Kafka checks with those that are there before.',
    },
  ),
  'a name twice in a request': async (broker) =>
    create(broker, [newTopic(broker.named('a')), newTopic(broker.named('b')), newTopic(broker.named('a'))]),
  'each topic has its answer': async (broker) => {
    const topics = [
      newTopic(broker.named('a')),
      newTopic(broker.named('b'), { replicationFactor: 9 }),
      newTopic(broker.named('c'), { configs: { 'retention.ms': 'x' } }),
    ];
    return (await create(broker, topics)).sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  'no topics': (broker) => create(broker, []),
  'the broker’s own topics can’t be made again': (broker) => create(broker, [newTopic('__consumer_offsets')]),
  'the topic of the cluster’s metadata': (broker) =>
    create(broker, [newTopic('__cluster_metadata')], { validateOnly: true }),
  ...Object.fromEntries(
    [
      ['the empty name', ''],
      ['the name .', '.'],
      ['the name ..', '..'],
      ['a path for a name', '../x'],
      ['a slash in a name', 'a/b'],
      ['a backslash in a name', 'a\\b'],
      ['a space in a name', 'a b'],
      ['a letter beyond ASCII in a name', 'ä'],
      ['a line feed in a name', 'a\nb'],
      ['NUL in a name', 'a\u0000b'],
      ['a name of 250 letters', 'x'.repeat(250)],
      ['a name of 249 letters', 'x'.repeat(249)],
      ['a name of Windows’ own', 'CON'],
      ['the name __proto__', '__proto__'],
      ['the name constructor', 'constructor'],
      ['a name that begins with a dash', '-rf'],
    ].map(([sentence, name]) => [sentence, named(name as string)]),
  ),
  ...Object.fromEntries(
    SETTINGS.map(([name, value]) => [
      `${name || 'a setting without a name'}=${value === null ? 'null' : JSON.stringify(value)}`,
      one({ configs: { [name]: value } }, { validateOnly: true }),
    ]),
  ),
  'min.compaction.lag.ms above max.compaction.lag.ms': one(
    { configs: { 'min.compaction.lag.ms': '20', 'max.compaction.lag.ms': '10' } },
    { validateOnly: true },
  ),
});

const ESCAPED = {
  sandbox: ([topic]: { errorMessage: string }[]) => [{ ...topic, errorMessage: WORDS }],
  why: 'Control characters of a name that can’t be are told escaped, so that they reach no terminal.',
};

export const CREATE_TOPICS_CASES = withDifference(
  CASES,
  ['a line feed in a name', 'NUL in a name'],
  ESCAPED as Difference,
);
