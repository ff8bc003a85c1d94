import { type ClientConfig, isClientSetting } from '../../kafka/api.ts';
import type { ConfigMap } from '../api/connector.ts';
import { withPrefix } from './worker-config.ts';
import { reasonWithoutEffect } from './worker-config-unused.ts';

/**
 * The settings of a connector's Kafka clients: what at-least-once needs, then the worker's under `producer.` and so on,
 * then the connector's under `producer.override.`. Java: `Worker.baseProducerConfigs` and its neighbours; unlike
 * there the producer stays idempotent, which is its default, so that a lost answer makes no duplicate.
 */
export interface ClientOwner {
  connector: string;
  task: number;
  worker: ConfigMap;
  /** Resolved. */
  config: ConfigMap;
}

const FOREVER_MS = '9007199254740991';
const MAX_INT = '2147483647';
const IN_FLIGHT = 'max.in.flight.requests.per.connection';

export function producerConfig(owner: ClientOwner, clientId = 'connector-producer'): ClientConfig {
  const config: ClientConfig = {
    'bootstrap.servers': owner.worker['bootstrap.servers'] ?? '',
    'client.id': `${clientId}-${owner.connector}-${owner.task}`,
    acks: 'all',
    'max.block.ms': FOREVER_MS,
    'delivery.timeout.ms': MAX_INT,
    ...withPrefix(owner.worker, 'producer.'),
    ...withPrefix(owner.config, 'producer.override.'),
  };
  // Without idempotence more than one at a time could change places, which is why Connect has one.
  return isIdempotent(config) || config[IN_FLIGHT] !== undefined ? config : { ...config, [IN_FLIGHT]: '1' };
}

function isIdempotent(config: ClientConfig): boolean {
  const acks = config.acks?.trim();
  return config['enable.idempotence']?.trim().toLowerCase() !== 'false' && (acks === 'all' || acks === '-1');
}

/** `groupId` of a sink is `connect-<name>` unless it is overridden. */
export function consumerConfig(owner: ClientOwner): ClientConfig {
  return {
    'group.id': consumerGroupId(owner.connector),
    'client.id': `connector-consumer-${owner.connector}-${owner.task}`,
    'bootstrap.servers': owner.worker['bootstrap.servers'] ?? '',
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    ...withPrefix(owner.worker, 'consumer.'),
    ...withPrefix(owner.config, 'consumer.override.'),
  };
}

/** For what a task does: topics that it creates. */
export function adminConfig(owner: ClientOwner): ClientConfig {
  return adminOf(owner, `connector-adminclient-${owner.connector}-${owner.task}`);
}

/** For what the worker does for a connector: the offsets of a sink's group. */
export function offsetsAdminConfig(owner: Omit<ClientOwner, 'task'>): ClientConfig {
  return adminOf(owner, `connector-worker-adminclient-${owner.connector}`);
}

/** The worker's own: it has no connector's overrides. */
export function workerAdminConfig(worker: ConfigMap, clientId: string): ClientConfig {
  return adminOf({ worker, config: {} }, clientId);
}

function adminOf({ worker, config }: Pick<ClientOwner, 'worker' | 'config'>, clientId: string): ClientConfig {
  return {
    'client.id': clientId,
    ...plainAdminSettings(worker),
    'bootstrap.servers': worker['bootstrap.servers'] ?? '',
    ...withPrefix(worker, 'admin.'),
    ...withPrefix(config, 'admin.override.'),
  };
}

/** The worker's settings without a prefix are those of its admin clients too, as in Connect. */
function plainAdminSettings(worker: ConfigMap): ClientConfig {
  return Object.fromEntries(
    Object.keys(worker)
      .filter((key) => isClientSetting('admin', key) && reasonWithoutEffect(key) === undefined)
      .map((key) => [key, worker[key] as string]),
  );
}

export function consumerGroupId(connector: string): string {
  return `connect-${connector}`;
}

/** The settings of clients that are secrets, whatever prefix they stand under. */
const SECRETS: ReadonlySet<string> = new Set([
  'sasl.jaas.config',
  'sasl.oauthbearer.assertion.private.key.passphrase',
  'sasl.oauthbearer.client.credentials.client.secret',
  'ssl.key.password',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.keystore.password',
  'ssl.truststore.certificates',
  'ssl.truststore.password',
]);

const OVERRIDE = /^(?:producer|consumer|admin)\.override\.(.+)$/s;

export function isSecretOverride(key: string): boolean {
  const setting = OVERRIDE.exec(key)?.[1];
  return setting !== undefined && SECRETS.has(setting);
}

export function isOverride(key: string): boolean {
  return OVERRIDE.test(key);
}
