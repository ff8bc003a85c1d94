import { describeConfigs, Errors } from '../../../../main/protocol/messages/index.ts';
import { type BehaviourCase, casesOf, differing, WORDS } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { APPEND, BROKER, change, DELETE, replace, SET, SUBTRACT, settings } from '../requests.ts';

type Configs = Awaited<ReturnType<typeof settings>>['configs'];

/** What other cases change meanwhile: each has its own, which no topic's setting follows. */
const CHANGED = {
  set: 'log.cleaner.backoff.ms',
  setForAll: 'max.connections.per.ip',
  both: 'max.connections',
  removed: 'producer.id.expiration.ms',
  replaced: 'log.cleaner.io.max.bytes.per.second',
  kept: 'remote.list.offsets.request.timeout.ms',
} as const;

/** Where a broker listens and keeps its files. */
const PLACES = [
  'listeners',
  'advertised.listeners',
  'listener.security.protocol.map',
  'controller.quorum.voters',
  'log.dirs',
];

/** Defaults of the sandbox that are others, with the value that both have in this suite. */
const OWN_DEFAULTS: readonly (readonly [name: string, byDefault: string, why: string])[] = [
  [
    'log.flush.interval.messages',
    '1',
    'log.flush.interval.messages is 1 unless it is set: there is one copy of each record.',
  ],
  [
    'group.initial.rebalance.delay.ms',
    '0',
    'group.initial.rebalance.delay.ms is 0 unless it is set: nobody waits three seconds for members that do not come.',
  ],
  ...['offsets.topic.num.partitions', 'transaction.state.log.num.partitions'].map(
    (name) => [name, '1', `${name} is 1 unless it is set: one broker has nothing to spread.`] as const,
  ),
];

/** Given to one of the two by the test itself, the sandbox's own, or made by another case. */
const NOT_COMPARED = /^(listener\.name\.sasl\.|runnel\.|my\.own\.)/;

const all = async (broker: PlayedBroker) => (await settings(broker, BROKER, '1', null)).configs;
const without = (configs: Configs, names: readonly string[]) =>
  configs.filter(({ name }) => !names.includes(name) && !NOT_COMPARED.test(name));

const one =
  (name: string, resourceName = '1') =>
  (broker: PlayedBroker) =>
    settings(broker, BROKER, resourceName, [name]);

/** The same setting where its default is another one. */
function own(setting: Configs[number], byDefault: string): Configs[number] {
  const synonyms = setting.synonyms.map((it) => (it.source === DEFAULT ? { ...it, value: byDefault } : it));
  return { ...setting, value: synonyms[0]!.value, synonyms };
}
const DEFAULT = 5;

/** The answer to a change, and what is shown of it on both levels once `value` is in force. */
async function changed(
  broker: PlayedBroker,
  resourceName: string,
  changes: Parameters<typeof change>[2],
  value: string | null,
) {
  const answer = await change(broker, resourceName, changes, { resourceType: BROKER });
  const name = changes[0]![0];
  const ofBroker = await broker.until(
    () => one(name)(broker),
    ({ configs }) => configs[0]?.value === value,
  );
  return { answer, ofBroker, ofAll: await one(name, '')(broker) };
}

const refused =
  (resourceName: string, changes: Parameters<typeof change>[2]) =>
  (broker: PlayedBroker): Promise<unknown> =>
    change(broker, resourceName, changes, { resourceType: BROKER, validateOnly: true });

const DESCRIBE_CASES = casesOf('DescribeConfigs', {
  'every setting of the broker, with its synonyms': async (broker) =>
    without(await all(broker), [...PLACES, ...OWN_DEFAULTS.map(([name]) => name), ...Object.values(CHANGED)]),
  'where the broker listens and keeps its files': async (broker) =>
    (await settings(broker, BROKER, '1', ['listeners', 'log.dirs'])).configs.map(({ value, synonyms, ...it }) => ({
      ...it,
      hasValue: value !== null && value === synonyms[0]?.value,
    })),
  ...Object.fromEntries(
    OWN_DEFAULTS.map(([name, byDefault, why]) => [
      `${name} of the broker`,
      differing(one(name), {
        sandbox: (kafka) => ({ ...kafka, configs: kafka.configs.map((it) => own(it, byDefault)) }),
        why,
      }),
    ]),
  ),
  'every setting of the broker has its documentation': async (broker) => {
    const { configs } = await settings(broker, BROKER, '1', null, { includeDocumentation: true });
    return without(configs, [])
      .filter(({ documentation }) => !documentation)
      .map(({ name }) => name);
  },
  'a setting of the broker without synonyms': async (broker) =>
    settings(broker, BROKER, '1', ['log.retention.hours'], { includeSynonyms: false }),
  'settings of the broker that nobody has': (broker) => settings(broker, BROKER, '1', ['no.such', '__proto__', '']),
  'of the broker by its number written otherwise': async (broker) => {
    const { results } = await broker.ask(describeConfigs, 4, {
      resources: ['01', '+1', '1 ', '1.0'].map((resourceName) => ({
        resourceType: BROKER,
        resourceName,
        configurationKeys: ['log.roll.hours'],
      })),
    });
    return results;
  },
});

const ALTER_CASES = casesOf('IncrementalAlterConfigs', {
  'a setting of the broker': (broker) => changed(broker, '1', [[CHANGED.set, SET, '5000']], '5000'),
  'a setting of every broker': (broker) => changed(broker, '', [[CHANGED.setForAll, SET, '900']], '900'),
  'a setting of every broker and of this one': async (broker) => ({
    all: await changed(broker, '', [[CHANGED.both, SET, '100000']], '100000'),
    one: await changed(broker, '1', [[CHANGED.both, SET, '200000']], '200000'),
    without: await changed(broker, '1', [[CHANGED.both, DELETE, null]], '100000'),
  }),
  'a setting of the broker is removed': async (broker) => ({
    set: await changed(broker, '1', [[CHANGED.removed, SET, '90000000']], '90000000'),
    removed: await changed(broker, '1', [[CHANGED.removed, DELETE, null]], '86400000'),
  }),
  'a setting of the broker, only to be checked': async (broker) => {
    const answer = await change(broker, '1', [[CHANGED.kept, SET, '5']], { resourceType: BROKER, validateOnly: true });
    return { answer, now: await one(CHANGED.kept)(broker) };
  },
  'a setting that nobody has, of the broker': (broker) => changed(broker, '1', [['my.own.setting', SET, 'x']], null),
  'several settings that are given at the start': refused('1', [
    ['node.id', SET, '2'],
    ['log.cleaner.threads', SET, '2'],
    ['num.partitions', SET, '2'],
  ]),
  'a setting that is given at the start, of every broker': refused('', [['num.partitions', SET, '2']]),
  'removing a setting that is given at the start': refused('1', [['num.partitions', DELETE, null]]),
  'a value that can’t be, of the broker': refused('1', [['log.retention.ms', SET, 'soon']]),
  'a value out of range, of the broker': refused('1', [['log.segment.bytes', SET, '5']]),
  'a value that is no choice, of every broker': refused('', [['compression.type', SET, 'brotli']]),
  'no number of bytes, of every broker': refused('', [['message.max.bytes', SET, '']]),
  'a truth that is none': refused('', [['unclean.leader.election.enable', SET, 'perhaps']]),
  'a value of log.cleanup.policy that nobody has': refused('', [['log.cleanup.policy', SET, 'keep']]),
  'a null, of the broker': refused('1', [['log.retention.ms', SET, null]]),
  'a setting of the broker twice': refused('1', [
    ['log.retention.ms', SET, '1'],
    ['log.retention.ms', SET, '2'],
  ]),
  'what is no list is appended to, of the broker': refused('1', [['log.retention.ms', APPEND, '1']]),
  'something is subtracted from what is no list, of the broker': refused('1', [['log.retention.ms', SUBTRACT, '1']]),
  'a setting of listeners, of every broker': refused('', [['listeners', SET, 'PLAINTEXT://:0']]),
  'where the broker listens': differing(refused('1', [['listeners', SET, 'PLAINTEXT://127.0.0.1:0']]), {
    sandbox: (kafka) => ({ ...(kafka as object), errorMessage: WORDS }),
    why: 'Listeners are given at the start; Kafka says of a controller that it has none then.',
  }),
  'where clients are told that the broker listens': refused('1', [
    ['advertised.listeners', SET, 'PLAINTEXT://other:1'],
  ]),
  'TLS of a listener': differing(refused('1', [['listener.name.plaintext.ssl.keystore.location', SET, '/k.p12']]), {
    sandbox: (kafka) => ({ ...(kafka as object), errorCode: Errors.INVALID_REQUEST, errorMessage: WORDS }),
    why: 'TLS, SASL and what else can’t be had here (listed above) can’t be set while the broker runs either.',
  }),
  'less min.insync.replicas than always': refused('', [['min.insync.replicas', DELETE, null]]),
  'min.insync.replicas of one broker': refused('1', [['min.insync.replicas', SET, '1']]),
  'min.insync.replicas of every broker': refused('', [['min.insync.replicas', SET, '2']]),
  'no time for records': refused('', [['log.retention.ms', SET, '0']]),
  'no time for segments': refused('', [['log.roll.ms', SET, '0']]),
  'log.local.retention.ms without an end': refused('', [['log.local.retention.ms', SET, '-1']]),
  'log.local.retention.bytes above log.retention.bytes': refused('', [
    ['log.retention.bytes', SET, '1000'],
    ['log.local.retention.bytes', SET, '2000'],
  ]),
  'a rate of replication that is none': refused('1', [['leader.replication.throttled.rate', SET, 'x']]),
  'a list of the broker is appended to': refused('1', [['log.cleanup.policy', APPEND, 'compact']]),
  'a setting that nobody has is appended to, of the broker': refused('1', [['no.such', APPEND, '1']]),
  'an operation that nobody has, of the broker': refused('1', [['log.cleanup.policy', 9, 'compact']]),
  'a setting of TLS without a listener': refused('1', [['ssl.keystore.location', SET, '/k.p12']]),
  'a setting of TLS without a listener, of every broker': refused('', [['ssl.keystore.type', SET, 'PEM']]),
  'threads that grow more than twice': refused('1', [['num.io.threads', SET, '100']]),
  'threads that become less than half': refused('1', [['num.io.threads', SET, '1']]),
  'threads that are none': refused('1', [['num.io.threads', SET, '0']]),
  'log.local.retention.ms above log.retention.ms': refused('', [
    ['log.retention.ms', SET, '1000'],
    ['log.local.retention.ms', SET, '2000'],
  ]),
  'a negative number of a broker': refused('-1', [['log.retention.ms', SET, '1000']]),
});

const REPLACE_CASES = casesOf('AlterConfigs', {
  'settings of the broker': async (broker) => {
    const before = await settings(broker, BROKER, '1', [CHANGED.replaced]);
    const answer = await replace(broker, '1', { 'num.partitions': '5' }, { resourceType: BROKER, validateOnly: true });
    return { before, answer };
  },
  'settings of every broker that are given at the start': (broker) =>
    replace(broker, '', { 'num.partitions': '5' }, { resourceType: BROKER, validateOnly: true }),
  'a value that can’t be, of the broker': (broker) =>
    replace(broker, '1', { 'log.retention.ms': 'soon' }, { resourceType: BROKER, validateOnly: true }),
  'settings of the broker, only to be checked': (broker) =>
    replace(broker, '1', { 'log.retention.ms': '1000' }, { resourceType: BROKER, validateOnly: true }),
  'a null, of the broker': (broker) =>
    replace(broker, '1', { 'log.retention.ms': null }, { resourceType: BROKER, validateOnly: true }),
});

/** Settings of brokers: described, and changed while they run (KIP-226). */
export const BROKER_CONFIG_CASES: readonly BehaviourCase[] = [...DESCRIBE_CASES, ...ALTER_CASES, ...REPLACE_CASES];
