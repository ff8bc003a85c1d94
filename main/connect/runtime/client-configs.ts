import type { ClientConfig } from '../../kafka/api.ts';
import type { ConfigMap } from '../api/connector.ts';
import { withPrefix } from './worker-config.ts';

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

export function producerConfig(owner: ClientOwner, clientId = 'connector-producer'): ClientConfig {
  return {
    'bootstrap.servers': owner.worker['bootstrap.servers'] ?? '',
    'client.id': `${clientId}-${owner.connector}-${owner.task}`,
    acks: 'all',
    'max.block.ms': FOREVER_MS,
    'delivery.timeout.ms': MAX_INT,
    ...withPrefix(owner.worker, 'producer.'),
    ...withPrefix(owner.config, 'producer.override.'),
  };
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

export function adminConfig(owner: ClientOwner): ClientConfig {
  return {
    'bootstrap.servers': owner.worker['bootstrap.servers'] ?? '',
    'client.id': `connector-adminclient-${owner.connector}-${owner.task}`,
    ...withPrefix(owner.worker, 'admin.'),
    ...withPrefix(owner.config, 'admin.override.'),
  };
}

export function consumerGroupId(connector: string): string {
  return `connect-${connector}`;
}

/** The settings of clients that are secrets, whatever prefix they stand under. */
const SECRETS: ReadonlySet<string> = new Set([
  'sasl.jaas.config',
  'sasl.oauthbearer.client.credentials.client.secret',
  'ssl.key.password',
  'ssl.keystore.key',
  'ssl.keystore.password',
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
