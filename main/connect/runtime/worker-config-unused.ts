import type { AnyConfigKey, ConfigType, Validator } from '../api/config-def.ts';
import { anyNonDuplicateValues, atLeast, caseInsensitiveValidString, validString } from '../api/validators.ts';

const NO_METRICS = 'there are no JMX metrics';
const PACKAGES_ONLY = 'plugin packages say themselves what they hold';
const OTHER_ORIGINS = 'web pages of other origins get no access';
const CONVERTERS_OF_OLD = 'Kafka has removed it: the worker’s own data is in SQLite';
const DISTRIBUTED = 'it is of distributed workers, and this one is standalone';

type Unused = { reason: string; type: ConfigType; validator?: Validator };

/** Settings of Kafka's standalone worker that change nothing here, with Kafka's types and bounds, and the reason. */
const STANDALONE: Readonly<Record<string, Unused>> = {
  'plugin.discovery': {
    type: 'STRING',
    validator: caseInsensitiveValidString('ONLY_SCAN', 'SERVICE_LOAD', 'HYBRID_WARN', 'HYBRID_FAIL'),
    reason: PACKAGES_ONLY,
  },
  'access.control.allow.origin': { type: 'STRING', reason: OTHER_ORIGINS },
  'access.control.allow.methods': { type: 'STRING', reason: OTHER_ORIGINS },
  'client.dns.lookup': {
    type: 'STRING',
    validator: validString('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
    reason: 'every address of a name is tried',
  },
  'metric.reporters': { type: 'LIST', validator: anyNonDuplicateValues(true, false), reason: NO_METRICS },
  'metrics.num.samples': { type: 'INT', validator: atLeast(1), reason: NO_METRICS },
  'metrics.recording.level': { type: 'STRING', validator: validString('INFO', 'DEBUG'), reason: NO_METRICS },
  'metrics.sample.window.ms': { type: 'LONG', validator: atLeast(0n), reason: NO_METRICS },
};

/** Their definitions: a value that Connect refuses is refused here too. */
export const UNUSED_KEYS: Readonly<Record<string, AnyConfigKey>> = Object.fromEntries(
  Object.entries(STANDALONE).map(([name, { type, validator }]) => {
    const whenGiven: Validator | undefined = validator && {
      ensureValid: (key, value) => value !== null && validator.ensureValid(key, value),
      toString: () => validator.toString(),
    };
    return [name, { type, default: null, validator: whenGiven, importance: 'LOW', doc: '' } as AnyConfigKey];
  }),
);

/** Those of `DistributedConfig` alone, but for the settings of Kafka clients among them. */
const OF_DISTRIBUTED_WORKERS = [
  'config.storage.replication.factor',
  'config.storage.topic',
  'connect.protocol',
  'exactly.once.source.support',
  'group.id',
  'heartbeat.interval.ms',
  'inter.worker.key.generation.algorithm',
  'inter.worker.key.size',
  'inter.worker.key.ttl.ms',
  'inter.worker.signature.algorithm',
  'inter.worker.verification.algorithms',
  'offset.storage.partitions',
  'offset.storage.replication.factor',
  'offset.storage.topic',
  'rebalance.timeout.ms',
  'scheduled.rebalance.max.delay.ms',
  'session.timeout.ms',
  'status.storage.partitions',
  'status.storage.replication.factor',
  'status.storage.topic',
  'worker.sync.timeout.ms',
  'worker.unsync.backoff.ms',
];

/** A name that ends with a dot is a prefix. */
export const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map([
  ...Object.entries(STANDALONE).map(([name, { reason }]): [string, string] => [name, reason]),
  ['metrics.context.', NO_METRICS],
  ['internal.key.converter', CONVERTERS_OF_OLD],
  ['internal.key.converter.', CONVERTERS_OF_OLD],
  ['internal.value.converter', CONVERTERS_OF_OLD],
  ['internal.value.converter.', CONVERTERS_OF_OLD],
  ...OF_DISTRIBUTED_WORKERS.map((name): [string, string] => [name, DISTRIBUTED]),
]);

/** Why a worker's setting changes nothing; undefined for one that does, and for one that nobody knows. */
export function reasonWithoutEffect(key: string): string | undefined {
  const exact = WITHOUT_EFFECT.get(key);
  if (exact !== undefined) return exact;
  for (const [prefix, reason] of WITHOUT_EFFECT) if (prefix.endsWith('.') && key.startsWith(prefix)) return reason;
  // Settings of the topics in which distributed workers keep their state.
  return /^(?:config|offset|status)\.storage\.(?!file\.filename$)/.test(key) ? DISTRIBUTED : undefined;
}
