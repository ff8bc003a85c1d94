import { ConfigException } from '../../../common/errors.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';
import type { BrokerConfig } from './broker-config.ts';
import { BROKER_DEFINITIONS } from './broker-definitions.ts';
import { isChangedByListenerOnly, updateModeOf } from './dynamic-broker-properties.ts';
import { checkProperty, type Property } from './property.ts';
import { refusalOf } from './refused-broker-properties.ts';

type Settings = ReadonlyMap<string, string>;

/** What a whole pool of threads becomes at most twice or half of at once. Java: `DynamicThreadPool`. */
const THREADS = [
  'background.threads',
  'num.io.threads',
  'num.network.threads',
  'num.recovery.threads.per.data.dir',
  'num.replica.fetchers',
];

/** Known to a running broker alone. Java: `QuotaConfig.brokerQuotaConfigs`. */
const RATE: Property = { type: 'long', default: '9223372036854775807', min: 0, doc: '' };
const RATES: ReadonlyMap<string, Property> = new Map(
  [
    'follower.replication.throttled.rate',
    'leader.replication.throttled.rate',
    'replica.alter.log.dirs.io.max.bytes.per.second',
  ].map((name) => [name, RATE]),
);

/**
 * Whether the settings can be set while the broker runs, for it (`broker`) or for every broker (`defaults`), instead of
 * those that are set there `now`. Names that nobody knows can be. Java: `DynamicBrokerConfig.validateConfigs`.
 *
 * @throws ApiException INVALID_REQUEST; INVALID_CONFIG for min.insync.replicas
 */
export function checkDynamicConfigs(
  next: Settings,
  now: Settings,
  scope: 'broker' | 'defaults',
  config: BrokerConfig,
): void {
  const names = [...next.keys()];
  refuse(
    'Cannot update these configs dynamically',
    names.filter((name) => BROKER_DEFINITIONS.has(name) && updateModeOf(name) === 'read-only'),
  );
  refuse(
    'These security configs can be dynamically updated only per-listener using the listener prefix',
    names.filter(isChangedByListenerOnly),
  );
  for (const [name, value] of next) checkValue(name, value);
  if (scope === 'defaults') {
    refuse(
      'Cannot update these configs at default cluster level, broker id must be specified',
      names.filter((name) => updateModeOf(name) === 'per-broker'),
    );
  }
  checkUnchangeable(next);
  checkTogether(config.changed(scope, next), config);
  checkMinInsyncReplicas(next, now, scope);
}

function refuse(message: string, names: readonly string[]): void {
  if (names.length > 0) throw invalid(`${message}: [${names.join(', ')}]`);
}

function checkValue(name: string, value: string): void {
  const definition = BROKER_DEFINITIONS.get(name) ?? RATES.get(name);
  try {
    if (definition) checkProperty(name, definition, value);
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    throw invalid(error.message);
  }
}

/** Kafka could, this broker can't. */
function checkUnchangeable(next: Settings): void {
  for (const [name, value] of next) {
    if (name === 'listeners' || name === 'listener.security.protocol.map')
      throw invalid(`${name} is given at the start: listeners are opened then`);
    const refusal = refusalOf(name, value);
    if (typeof refusal === 'object') throw invalid(`${name} can't be set here: ${refusal.why}`);
  }
}

/** What can't be beside each other. Java: `KafkaConfig.validateValues` and the `BrokerReconfigurable`s. */
function checkTogether(changed: BrokerConfig, config: BrokerConfig): void {
  if (changed.get('log.retention.ms') === '0')
    throw invalid('requirement failed: log.retention.ms must be unlimited (-1) or, greater than or equal to 1');
  if (changed.get('log.roll.ms') === '0')
    throw invalid('requirement failed: log.roll.ms must be greater than or equal to 1');
  for (const name of THREADS) {
    const [before, after] = [Number(config.value(name)), Number(changed.value(name))];
    const wrong =
      after < Math.floor(before / 2)
        ? `value should be at least half the current value ${before}`
        : after > before * 2
          ? `value should not be greater than double the current value ${before}`
          : undefined;
    if (wrong) throw together(`Dynamic thread count update validation failed for ${name}=${after}, ${wrong}`);
  }
  for (const unit of ['ms', 'bytes'] as const) {
    const name = `log.local.retention.${unit}` as const;
    const [local, all] = [changed.number(name), Number(changed.topicValue(`retention.${unit}`, new Map()))];
    if (all < 0 || local === -2) continue;
    const of = `log.retention.${unit}`;
    if (local === -1)
      throw together(
        `Invalid value -1 for configuration ${name}: Value must not be -1 as ${of} value is set as ${all}.`,
      );
    if (local > all)
      throw together(
        `Invalid value ${local} for configuration ${name}: Value must not be more than ${of} property value: ${all}`,
      );
  }
}

/** KIP-966: it is a part of what is agreed upon about leaders. */
function checkMinInsyncReplicas(next: Settings, now: Settings, scope: 'broker' | 'defaults'): void {
  const name = 'min.insync.replicas';
  const refused =
    scope === 'broker' && next.has(name)
      ? 'Broker-level min.insync.replicas cannot be altered while ELR is enabled.'
      : scope === 'defaults' && now.has(name) && !next.has(name)
        ? 'Cluster-level min.insync.replicas cannot be removed while ELR is enabled.'
        : undefined;
  if (refused) throw new ApiException(Errors.INVALID_CONFIG, refused);
}

const invalid = (message: string) => new ApiException(Errors.INVALID_REQUEST, message);

/** In Kafka's words, which are a value's whatever is wrong. */
const together = (message: string) =>
  invalid(
    `Invalid value org.apache.kafka.common.config.ConfigException: ${message} for configuration Invalid dynamic configuration`,
  );
