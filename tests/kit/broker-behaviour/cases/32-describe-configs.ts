import { describeConfigs } from '../../../../main/protocol/messages/index.ts';
import { casesOf, type Difference, differing, WORDS, withDifference } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { BROKER, settings, TOPIC } from '../requests.ts';

/** Every setting of Kafka's topics. */
export const TOPIC_SETTINGS = [
  'cleanup.policy',
  'compression.gzip.level',
  'compression.lz4.level',
  'compression.type',
  'compression.zstd.level',
  'delete.retention.ms',
  'file.delete.delay.ms',
  'flush.messages',
  'flush.ms',
  'follower.replication.throttled.replicas',
  'index.interval.bytes',
  'leader.replication.throttled.replicas',
  'local.retention.bytes',
  'local.retention.ms',
  'max.compaction.lag.ms',
  'max.message.bytes',
  'message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.type',
  'min.cleanable.dirty.ratio',
  'min.compaction.lag.ms',
  'min.insync.replicas',
  'preallocate',
  'remote.log.copy.disable',
  'remote.log.delete.on.disable',
  'remote.storage.enable',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.index.bytes',
  'segment.jitter.ms',
  'segment.ms',
  'unclean.leader.election.enable',
];

export const DEFAULTS_WHY = 'flush.messages is 1 unless it is set: there is one copy of each record.';

type Described = { name: string; value: string | null; configSource: number; synonyms?: { source: number }[] };

/** The same setting as the sandbox has it, where nobody has set it. */
export function ownDefault<T extends Described>(setting: T): T {
  if (setting.name === 'flush.messages') {
    const synonyms = setting.synonyms?.map((each) => ({ ...each, value: '1' }));
    return { ...setting, value: '1', ...(synonyms && { synonyms }) };
  }
  return setting;
}

const ofTopic =
  (
    names: string[] | null,
    over: { version?: number; includeSynonyms?: boolean; configs?: Record<string, string> } = {},
  ) =>
  async (broker: PlayedBroker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, over.configs ?? {});
    return settings(broker, TOPIC, topic, names, over);
  };

const withOwnDefaults = (kafka: Awaited<ReturnType<typeof settings>>) => ({
  ...kafka,
  configs: kafka.configs.map(ownDefault),
});

const CASES = casesOf('DescribeConfigs', {
  'the names of a topic’s settings': async (broker) => (await ofTopic(null)(broker)).configs.map(({ name }) => name),
  ...Object.fromEntries(
    TOPIC_SETTINGS.map((name) => {
      const play = ofTopic([name]);
      const isOwn = name === 'flush.messages';
      const it = isOwn ? differing(play, { sandbox: withOwnDefaults, why: DEFAULTS_WHY }) : play;
      return [`${name} of a topic as the broker has it`, it];
    }),
  ),
  'every setting has its documentation': async (broker) => {
    await broker.topic(broker.named('t'));
    const { configs } = await settings(broker, TOPIC, broker.named('t'), null, { includeDocumentation: true });
    return configs.filter(({ documentation }) => !documentation).map(({ name }) => name);
  },
  'no documentation where none is asked for': async (broker) =>
    (await ofTopic(['retention.ms'])(broker)).configs[0]!.documentation,
  'a setting of the topic’s own, with its synonyms': ofTopic(['retention.ms', 'cleanup.policy'], {
    configs: { 'retention.ms': '5000', 'cleanup.policy': 'compact,delete' },
  }),
  'without synonyms': ofTopic(['retention.ms'], { includeSynonyms: false, configs: { 'retention.ms': '5000' } }),
  'version 1': ofTopic(['retention.ms'], { version: 1 }),
  'settings that nobody has are left out': ofTopic(['no.such', 'retention.ms', '__proto__', '']),
  'no settings': differing(ofTopic([]), { sandbox: withOwnDefaults, why: DEFAULTS_WHY }),
  'a setting twice': ofTopic(['retention.ms', 'retention.ms']),
  'in the order in which they were asked for': differing(
    async (broker) => {
      const topic = broker.named('t');
      await broker.topic(topic);
      const { results } = await broker.ask(describeConfigs, 4, {
        resources: [
          { resourceType: TOPIC, resourceName: topic, configurationKeys: ['segment.ms', 'cleanup.policy', 'flush.ms'] },
        ],
      });
      return results[0]!.configs.map(({ name }) => name);
    },
    {
      sandbox: ['segment.ms', 'cleanup.policy', 'flush.ms'],
      why: 'Settings come in the order in which they were asked for, as some clients read them; Kafka has an order of its own.',
    },
  ),
  'of a topic that is not there': (broker) => settings(broker, TOPIC, broker.named('none'), null),
  'of a topic without a name': (broker) => settings(broker, TOPIC, '', null),
  'of a topic whose name can’t be': (broker) => settings(broker, TOPIC, 'a/b', null),
  'of a resource of no type': (broker) => settings(broker, 0, 'x', null),
  'of a resource of a type that nobody has': (broker) => settings(broker, 3, 'x', null),
  'of another broker': (broker) => settings(broker, BROKER, '7', null),
  'of a broker whose id is no number': (broker) => settings(broker, BROKER, 'one', null),
  'of all brokers': (broker) => settings(broker, BROKER, '', ['min.insync.replicas']),
  'of the loggers of another broker': (broker) => settings(broker, 8, '7', null),
  'several resources in their order': async (broker) => {
    await broker.topic(broker.named('a'));
    await broker.topic(broker.named('b'));
    const { results } = await broker.ask(describeConfigs, 4, {
      resources: ['b', 'none', 'a'].map((stem) => ({
        resourceType: TOPIC,
        resourceName: broker.named(stem),
        configurationKeys: ['segment.ms'],
      })),
    });
    return results.map(({ resourceName, errorCode }) => ({ resourceName, errorCode }));
  },
  'a resource twice': async (broker) => {
    await broker.topic(broker.named('t'));
    const resource = { resourceType: TOPIC, resourceName: broker.named('t'), configurationKeys: ['segment.ms'] };
    return broker.ask(describeConfigs, 4, { resources: [resource, resource] });
  },
  'no resources': (broker) => broker.ask(describeConfigs, 4, { resources: [] }),
});

const OTHER_WORDS = {
  sandbox: (kafka: object) => ({ ...kafka, errorMessage: WORDS }),
  why: 'That a resource has no settings here is said in a sentence of its own.',
};

export const DESCRIBE_CONFIGS_CASES = withDifference(
  CASES,
  ['of a resource of no type', 'of a resource of a type that nobody has', 'of the loggers of another broker'],
  OTHER_WORDS as Difference,
);
