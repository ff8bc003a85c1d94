import { ConfigException } from '../../../common/errors.ts';
import { type ConfigKeys, configDef, type ParsedConfig, type Validator } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap } from '../api/connector.ts';
import { anyNonDuplicateValues, atLeast, validator } from '../api/validators.ts';
import { UNUSED_KEYS } from './worker-config-unused.ts';

/** What a process may hold outside its JavaScript heap: buffers, the code itself, what native libraries take. */
export const OUTSIDE_HEAP_MIB = 512;

/** Java: `RestServerConfig.ListenersValidator`. */
const listOfUrls: Validator = validator((name, value) => {
  if (value === null) return;
  if ((value as readonly string[]).length === 0)
    throw new ConfigException(
      'Invalid value for listeners, at least one URL is expected, ex: http://localhost:8080,https://localhost:8443.',
      { key: name },
    );
  if ((value as readonly string[]).some((url) => url.trim() === ''))
    throw new ConfigException('Empty URL found when parsing listeners list.', { key: name });
}, 'List of comma-separated URLs, ex: http://localhost:8080,https://localhost:8443.');

const CONVERTER_VERSION = {
  type: 'STRING',
  default: null,
  importance: 'LOW',
  doc: 'The version of that converter, or a range of versions; without it the latest that is there.',
} as const;

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
  'key.converter.plugin.version': CONVERTER_VERSION,
  'value.converter.plugin.version': CONVERTER_VERSION,
  'header.converter.plugin.version': CONVERTER_VERSION,
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
  'plugin.path': {
    type: 'LIST',
    default: null,
    importance: 'LOW',
    doc: 'Folders of plugin packages, separated by commas: each a package, a folder of packages, or one where npm has installed some.',
  },
  'runnel.plugin.heap.mib': {
    type: 'INT',
    default: 512,
    validator: atLeast(32),
    importance: 'LOW',
    doc: `The heap, in MiB, of each process in which a connector from plugin.path runs; it may hold ${OUTSIDE_HEAP_MIB} MiB more outside it. Ours; Kafka does not have it.`,
  },
  'config.providers': {
    type: 'LIST',
    default: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc: `Names of the providers whose values configurations may use as \${name:path:key}.`,
  },
  'connector.client.config.override.policy': {
    type: 'STRING',
    default: 'All',
    importance: 'MEDIUM',
    doc: 'Which settings of Kafka clients connectors may change: All, None, Principal (security.protocol and sasl), or Allowlist.',
  },
  'connector.client.config.override.allowlist': {
    type: 'LIST',
    default: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'MEDIUM',
    doc: 'With the policy Allowlist, the names of the settings that connectors may change.',
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
    default: null,
    validator: listOfUrls,
    importance: 'LOW',
    doc: 'Where REST is served: http://127.0.0.1:8083 for example, https with listeners.https.ssl. Other machines reach it only by https and with credentials.',
  },
  'admin.listeners': {
    type: 'LIST',
    default: null,
    importance: 'LOW',
    doc: 'Where admin/loggers is served instead of at the listeners; empty: nowhere.',
  },
  'rest.extension.classes': {
    type: 'LIST',
    default: [],
    importance: 'LOW',
    doc: 'Basic authentication, by org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension.',
  },
  'response.http.headers.config': {
    type: 'STRING',
    default: '',
    importance: 'LOW',
    doc: 'Header fields of every answer: [action] [header name]:[header value], separated by commas.',
  },
  'rest.advertised.listener': {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'Which listener, http or https, gives the port in worker_id.',
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

/** Throws ConfigException that names the key, also for a value of one without effect that Connect would refuse. */
export function workerConfig(properties: ConfigMap): WorkerConfig {
  parseConfig(configDef(UNUSED_KEYS), properties);
  return { parsed: parseConfig(WORKER_CONFIG, properties), properties };
}

/** The entries under a prefix, without it. */
export function withPrefix(config: ConfigMap, prefix: string): ConfigMap {
  return Object.fromEntries(
    Object.keys(config)
      .filter((key) => key.startsWith(prefix) && key.length > prefix.length)
      .map((key) => [key.slice(prefix.length), config[key] as string]),
  );
}
