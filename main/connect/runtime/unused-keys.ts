import type { Logger } from '../../../common/logger.ts';
import { isClientSetting } from '../../kafka/api.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { isOverride } from './client-configs.ts';
import { CONVERTERS, frameworkConfig } from './plugin-config.ts';
import { WORKER_KEYS } from './worker-config.ts';
import { reasonWithoutEffect } from './worker-config-unused.ts';

/** Says once which of the given settings do nothing here, and which ones nobody knows. */
export function warnOfUnusedWorkerKeys(plugins: Plugins, properties: ConfigMap, logger: Logger): void {
  const unknown: string[] = [];
  const byReason = new Map<string, string[]>();
  for (const key of Object.keys(properties)) {
    const reason = reasonWithoutEffect(key);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), key]);
    else if (!isWorkerKey(plugins, properties, key)) unknown.push(key);
  }
  for (const [reason, keys] of byReason)
    logger.warn(`${keys.join(', ')} ${keys.length === 1 ? 'has' : 'have'} no effect: ${reason}`);
  if (unknown.length > 0) logger.warn(unusedText(unknown));
}

/** By which the demo knows its own connector again. */
export const DEMO_MARK = 'runnel.demo';

/** What clients do with their settings is theirs to say. */
const CLIENTS = ['producer.', 'consumer.', 'admin.'];

function isWorkerKey(plugins: Plugins, properties: ConfigMap, key: string): boolean {
  return (
    Object.hasOwn(WORKER_KEYS, key) ||
    CLIENTS.some((prefix) => key.startsWith(prefix)) ||
    isListenerKey(key) ||
    isProviderKey(properties, key) ||
    isConverterKey(plugins, properties, key) ||
    isClientSetting('admin', key)
  );
}

/** TLS of REST's listeners. */
function isListenerKey(key: string): boolean {
  return key === 'ssl.client.auth' || /^(?:admin\.)?listeners\.https\.ssl\./.test(key);
}

/** `config.providers.<name>.class` and `config.providers.<name>.param.…` of a provider that is named. */
function isProviderKey(properties: ConfigMap, key: string): boolean {
  const [, name, part] = /^config\.providers\.(.+?)\.(class$|param\.)/s.exec(key) ?? [];
  const names = (properties['config.providers'] ?? '').split(',').map((it) => it.trim());
  return part !== undefined && names.includes(name as string);
}

/**
 * Says which keys of a connector's configuration nothing looks at: a slip of the pen most often. Connect passes over
 * them in silence.
 */
export function warnOfUnusedConnectorKeys(
  plugins: Plugins,
  config: ConfigMap,
  worker: ConfigMap,
  logger: Logger,
): void {
  const connector = plugins.findConnector(config['connector.class'] ?? '');
  if (connector === undefined) return;
  const known = { ...frameworkConfig(plugins, connector, config, worker).keys, ...connector.config.keys };
  const unknown = Object.keys(config).filter(
    (key) =>
      !Object.hasOwn(known, key) &&
      key !== DEMO_MARK &&
      !isOverride(key) &&
      !isConverterKey(plugins, config, key) &&
      !isTopicSetting(connector.kind, known, key),
  );
  if (unknown.length > 0) logger.warn(unusedText(unknown));
}

/** `topic.creation.<group>.retention.ms`: whatever stands under a group that there is goes to the topic. */
function isTopicSetting(kind: string, known: Readonly<Record<string, unknown>>, key: string): boolean {
  if (kind !== 'source' || !key.startsWith('topic.creation.')) return false;
  const parts = key.split('.');
  return parts.some((_, i) => i > 2 && Object.hasOwn(known, `${parts.slice(0, i).join('.')}.partitions`));
}

/** An option of a converter stands where its class stands, and is one that the converter has. */
function isConverterKey(plugins: Plugins, config: ConfigMap, key: string): boolean {
  return CONVERTERS.some(({ key: converter, kind }) => {
    if (!key.startsWith(`${converter}.`)) return false;
    const plugin = plugins.find(kind, config[converter] ?? '');
    return plugin !== undefined && Object.hasOwn(plugin.config.keys, key.slice(converter.length + 1));
  });
}

/** How Kafka says that given settings mean nothing to it. Java: `AbstractConfig.logUnused`. */
export function unusedText(keys: readonly string[]): string {
  return `These configurations '[${keys.join(', ')}]' were supplied but are not used yet.`;
}
