import type { Logger } from '../../../common/logger.ts';
import { type ConfigKeys, configDef, type ParsedConfig } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap } from '../api/connector.ts';
import { anyNonDuplicateValues, atLeast } from '../api/validators.ts';

/**
 * The settings of a standalone worker that do something here. Java: `WorkerConfig`, `StandaloneConfig`,
 * `RestServerConfig`. Defaults are Kafka's but for `offset.flush.interval.ms`: an fdatasync costs little, a minute of
 * records sent twice after a crash costs much.
 */
export const WORKER_KEYS = {
  'bootstrap.servers': {
    type: 'LIST',
    validator: anyNonDuplicateValues(false, false),
    importance: 'HIGH',
    doc: 'Host and port of at least one broker of the Kafka cluster, separated by commas.',
  },
  'key.converter': {
    type: 'CLASS',
    importance: 'HIGH',
    doc: 'How keys become bytes in topics and back, unless a connector says otherwise.',
  },
  'value.converter': {
    type: 'CLASS',
    importance: 'HIGH',
    doc: 'How values become bytes in topics and back, unless a connector says otherwise.',
  },
  'header.converter': {
    type: 'CLASS',
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: 'LOW',
    doc: 'How header values become bytes in topics and back, unless a connector says otherwise.',
  },
  'offset.storage.file.filename': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'Beside this file, with .sqlite at its end, the worker keeps connectors and source offsets.',
  },
  'offset.flush.interval.ms': {
    type: 'LONG',
    default: 1_000n,
    validator: atLeast(1n),
    importance: 'LOW',
    doc: 'How often source offsets are stored and sink offsets committed.',
  },
  'offset.flush.timeout.ms': {
    type: 'LONG',
    default: 5_000n,
    validator: atLeast(0n),
    importance: 'LOW',
    doc: 'How long a stopping task waits for acknowledgements and commits.',
  },
  'task.shutdown.graceful.timeout.ms': {
    type: 'LONG',
    default: 5_000n,
    validator: atLeast(0n),
    importance: 'LOW',
    doc: 'How long a task may take to stop before it is given up; offset.flush.timeout.ms comes on top of it.',
  },
  'config.providers': {
    type: 'LIST',
    default: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc: `Names of the providers whose values configurations may use as \${name:path:key}.`,
  },
  'topic.creation.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether source connectors may create topics by their topic.creation settings.',
  },
  'topic.tracking.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether the topics that a connector has used are remembered.',
  },
  'topic.tracking.allow.reset': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Whether they may be forgotten by a request.',
  },
  listeners: {
    type: 'LIST',
    default: [],
    importance: 'LOW',
    doc: 'Where REST is served: http://127.0.0.1:8083 for example; only this machine can be named.',
  },
  'rest.advertised.host.name': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'The host name in worker_id and in Location headers.',
  },
  'rest.advertised.port': {
    type: 'INT',
    default: null,
    importance: 'LOW',
    doc: 'The port in worker_id and in Location headers.',
  },
} as const satisfies ConfigKeys;

export const WORKER_CONFIG = configDef(WORKER_KEYS);

export interface WorkerConfig {
  parsed: ParsedConfig<typeof WORKER_KEYS>;
  /** As given: converters and clients take their options from it by prefix. */
  properties: ConfigMap;
}

/** Throws ConfigException that names the key. */
export function workerConfig(properties: ConfigMap): WorkerConfig {
  return { parsed: parseConfig(WORKER_CONFIG, properties), properties };
}

/** Kafka's settings that change nothing here, with the reason. */
export const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map([
  ['plugin.path', 'only the built-in plugins are there'],
  ['plugin.discovery', 'only the built-in plugins are there'],
  ['access.control.allow.origin', 'web pages of other origins get no access'],
  ['access.control.allow.methods', 'web pages of other origins get no access'],
  ['admin.listeners', 'there is one listener for all of REST'],
  ['rest.extension.classes', 'there are no REST extensions'],
  ['response.http.headers.config', 'the headers of REST answers are fixed'],
  ['rest.advertised.listener', 'REST is served by HTTP only'],
  ['client.dns.lookup', 'every address of a name is tried'],
  ['connector.client.config.override.policy', 'every override is allowed'],
  ['metric.reporters', 'there are no JMX metrics'],
  ['metrics.num.samples', 'there are no JMX metrics'],
  ['metrics.recording.level', 'there are no JMX metrics'],
  ['metrics.sample.window.ms', 'there are no JMX metrics'],
]);

const PREFIXES = [
  'producer.',
  'consumer.',
  'admin.',
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'config.providers.',
  'security.',
  'sasl.',
  'ssl.',
];

/** Says once which of the given settings do nothing, as Connect does for those that it doesn't know. */
export function warnOfUnused(properties: ConfigMap, logger: Logger): void {
  const unknown: string[] = [];
  for (const key of Object.keys(properties)) {
    const reason = WITHOUT_EFFECT.get(key);
    if (reason !== undefined) logger.warn(`${key} has no effect: ${reason}`);
    else if (!Object.hasOwn(WORKER_KEYS, key) && !PREFIXES.some((prefix) => key.startsWith(prefix))) unknown.push(key);
  }
  if (unknown.length > 0)
    logger.warn(`These configurations '[${unknown.join(', ')}]' were supplied but are not used yet.`);
}

/** The entries under a prefix, without it. */
export function withPrefix(config: ConfigMap, prefix: string): ConfigMap {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix) && key.length > prefix.length)
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
