import type { ConfigInfo, ConfigInfos, ConfigKeyInfo } from '../../../common/connect/config-infos.ts';
import { BadRequestException, ConfigException } from '../../../common/errors.ts';
import { type ConfigDef, type ConfigKeys, configDef } from '../api/config-def.ts';
import { embedKeys, groupsOf, toConfigInfos } from '../api/config-infos.ts';
import { type ConfigValue, parseConfig, validateConfig } from '../api/config-validation.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { isSecretOverride } from './client-configs.ts';
import { notAllowed, type OverridePolicy } from './override-policy.ts';
import { CONVERTERS, frameworkConfig } from './plugin-config.ts';
import { validateSinkConfig } from './sink-connector-config.ts';
import { usesTopicCreation } from './source-connector-config.ts';
import { withPrefix } from './worker-config.ts';

/** As it comes by REST: a value may be null, which is an error of its key. */
export type ReceivedConfig = Readonly<Record<string, string | null>>;

export interface Validation {
  connector: Connector;
  infos: ConfigInfos;
  /** Keys whose values are secrets, defined so by anything that takes part. */
  secretKeys: ReadonlySet<string>;
}

/** Kafka's clients, as far as their settings go. */
export interface ClientDefinitions {
  /** Throws ConfigException for what the client would refuse. */
  check(client: ClientKind, config: ConfigMap): void;
  /** What the client says of one of its keys; null: it does not know it. */
  define(client: ClientKind, name: string): ConfigKeyInfo | null;
}
export type ClientKind = 'producer' | 'consumer' | 'admin';

/** Puts in the values of config providers and the connector's secrets. */
export type Resolve = (config: ConfigMap) => ConfigMap;

export interface ValidationContext {
  plugins: Plugins;
  worker: ConfigMap;
  overrides: OverridePolicy;
  resolve: Resolve;
  clientDefinitions: ClientDefinitions;
}

/**
 * Everything that can be said of a configuration before it runs: the framework's keys, transformations, predicates and
 * converters, client overrides, the connector's own keys and its own checks. Throws BadRequestException without a
 * class, ConnectException (UNKNOWN_CLASS) with an unknown one. Java: `AbstractHerder.validateConnectorConfig`; no
 * value that comes from a config provider or is a secret stands in the answer.
 */
export async function validateConnectorConfig(
  context: ValidationContext,
  received: ReceivedConfig,
): Promise<Validation> {
  const connector = connectorOf(context, received);
  const config = context.resolve(withoutNulls(received));
  const framework = frameworkConfig(context.plugins, connector, config, context.worker);
  const def = configDef({ ...framework.keys, ...connector.config.keys });
  const values = validateConfig(def, config);
  const byName = new Map(values.map((value) => [value.name, value]));
  if (connector.kind === 'sink') validateSinkConfig(config, byName);
  await validateOwn(connector, config, byName);
  nullErrors(received, values, byName);
  resolveClasses(context.plugins, framework, values);
  const parts = [
    { def, infos: toConfigInfos(connectorClass(received), def, values) },
    overrides(context, connector, config),
    ...CONVERTERS.flatMap((converter) => converterPart(context.plugins, converter, config, byName)),
  ];
  const infos: ConfigInfos = {
    name: connectorClass(received),
    error_count: parts.reduce((count, part) => count + part.infos.error_count, 0),
    groups: [...new Set([...groupsOf(framework), ...parts.slice(1).flatMap((part) => part.infos.groups)])],
    configs: parts.flatMap((part) => part.infos.configs),
  };
  const secretKeys = new Set<string>();
  for (const part of parts)
    for (const [name, key] of Object.entries(part.def.keys)) if (key.type === 'PASSWORD') secretKeys.add(name);
  for (const name of Object.keys(received)) if (isSecretOverride(name)) secretKeys.add(name);
  return { connector, infos: withoutValuesOfProviders(infos, received, config, secretKeys), secretKeys };
}

function connectorOf(context: ValidationContext, received: ReceivedConfig): Connector {
  const className = connectorClass(received);
  if (className !== '')
    return (
      context.plugins.closest('connector', className, received['connector.plugin.version']) ??
      context.plugins.connector(className)
    );
  // Values could be secrets: without a class nobody knows which ones are.
  const shown = Object.entries(received).map(([key, value]) => (key === 'name' ? `${key}=${value}` : key));
  throw new BadRequestException(`Connector config {${shown.join(', ')}} contains no connector type`, {
    key: 'connector.class',
  });
}

function connectorClass(received: ReceivedConfig): string {
  return (received['connector.class'] ?? '').trim();
}

/** The connector's checks of several keys at once, when each of its keys is right by itself. */
async function validateOwn(
  connector: Connector,
  config: ConfigMap,
  values: ReadonlyMap<string, ConfigValue>,
): Promise<void> {
  if (connector.validate === undefined) return;
  const own = Object.keys(connector.config.keys);
  if (own.some((key) => (values.get(key)?.errors.length ?? 0) > 0)) return;
  for (const { key, message } of await connector.validate(parseConfig(connector.config, config)))
    values.get(key)?.errors.push(message);
}

function nullErrors(received: ReceivedConfig, values: ConfigValue[], byName: ReadonlyMap<string, ConfigValue>): void {
  for (const [name, text] of Object.entries(received)) {
    if (text !== null) continue;
    let value = byName.get(name);
    if (value === undefined) {
      value = { name, value: null, recommendedValues: [], errors: [], visible: true };
      values.push(value);
    }
    value.errors.push('Null value can not be supplied as the configuration value.');
  }
}

/** A class is shown by its full name, whatever alias was given; an unknown one as no value. */
function resolveClasses(plugins: Plugins, framework: ConfigDef, values: readonly ConfigValue[]): void {
  for (const value of values) {
    if (framework.keys[value.name]?.type !== 'CLASS' || typeof value.value !== 'string') continue;
    const kind = value.name.startsWith('transforms.')
      ? 'transformation'
      : value.name.startsWith('predicates.')
        ? 'predicate'
        : value.name === 'header.converter'
          ? 'header_converter'
          : 'converter';
    const known = plugins.find(kind, value.value) ?? plugins.findAny(value.value);
    if (known !== undefined) value.value = known.className;
    else if (plugins.nestedClasses(value.value).length === 0) value.value = null;
  }
}

interface Part {
  def: ConfigDef;
  infos: ConfigInfos;
}

/** Options of a converter that the connector names; the worker's own converters are not its business. */
function converterPart(
  plugins: Plugins,
  { key, kind, type }: (typeof CONVERTERS)[number],
  config: ConfigMap,
  values: ReadonlyMap<string, ConfigValue>,
): Part[] {
  const plugin = plugins.closest(kind, config[key] ?? '', config[`${key}.plugin.version`]);
  const wrong = (name: string) => (values.get(name)?.errors.length ?? 0) > 0;
  if (plugin === undefined || wrong(key) || wrong(`${key}.plugin.version`)) return [];
  const options = { 'converter.type': type, ...withPrefix(config, `${key}.`) };
  return [prefixed(`${key}.`, plugin.config, validateConfig(plugin.config, options))];
}

const CLIENTS = ['producer', 'admin', 'consumer'] as const;

/** Overrides are listed with what the client says of them; one that it would refuse is an error of its key. */
function overrides(context: ValidationContext, connector: Connector, config: ConfigMap): Part {
  const values: ConfigValue[] = [];
  const definitions = new Map<string, ConfigKeyInfo | null>();
  const hasDlq = (config['errors.deadletterqueue.topic.name'] ?? '').trim() !== '';
  const used = {
    producer: connector.kind === 'source' || hasDlq,
    admin: connector.kind === 'source' ? usesTopicCreation(config) : hasDlq,
    consumer: connector.kind === 'sink',
  };
  for (const client of CLIENTS) {
    if (!used[client]) continue;
    const prefix = `${client}.override.`;
    for (const [name, text] of Object.entries(withPrefix(config, prefix))) {
      const errors = context.overrides.allows(name) ? [] : [notAllowed(context.overrides, name)];
      values.push({ name: prefix + name, value: text, recommendedValues: [], errors, visible: true });
      const definition = context.clientDefinitions.define(client, name);
      definitions.set(prefix + name, definition && { ...definition, name: prefix + name });
    }
    checkOverrides(context, client, config, values);
  }
  const infos = toConfigInfos('', configDef({}), values);
  const configs = infos.configs.map(({ value }) => ({ definition: definitions.get(value.name) ?? null, value }));
  return { def: configDef({}), infos: { ...infos, configs } };
}

function checkOverrides(
  context: ValidationContext,
  client: (typeof CLIENTS)[number],
  config: ConfigMap,
  values: readonly ConfigValue[],
): void {
  const prefix = `${client}.override.`;
  const own = values.filter((value) => value.name.startsWith(prefix));
  if (own.length === 0) return;
  try {
    context.clientDefinitions.check(client, {
      'bootstrap.servers': context.worker['bootstrap.servers'] ?? '',
      ...withPrefix(context.worker, `${client}.`),
      ...withPrefix(config, prefix),
    });
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    const key = own.find((value) => value.name === prefix + error.key) ?? own[0];
    key?.errors.push(error.message);
  }
}

/** Java: `AbstractHerder.prefixedConfigInfos`: a key counts as one error, however many it has. */
function prefixed(prefix: string, def: ConfigDef, values: readonly ConfigValue[]): Part {
  const infos = toConfigInfos('', def, values);
  const configs: ConfigInfo[] = infos.configs.map(({ definition, value }) => ({
    definition: definition && { ...definition, name: prefix + definition.name },
    value: { ...value, name: prefix + value.name },
  }));
  const keys: ConfigKeys = embedKeys(prefix, '', 0, def);
  const errors = values.filter((value) => value.errors.length > 0).length;
  return { def: configDef(keys), infos: { ...infos, configs, error_count: errors } };
}

/** What was looked up somewhere else, and every secret, is shown as it was written or not at all. */
function withoutValuesOfProviders(
  infos: ConfigInfos,
  received: ReceivedConfig,
  config: ConfigMap,
  secretKeys: ReadonlySet<string>,
): ConfigInfos {
  const configs = infos.configs.map((info) => {
    const { name } = info.value;
    const written = Object.hasOwn(received, name) ? received[name] : undefined;
    const used = Object.hasOwn(config, name) ? config[name] : undefined;
    if (typeof written !== 'string' || used === undefined) return info;
    const secret = secretKeys.has(name);
    if (written === used && !secret) return info;
    const shown = secret && written === used ? '[hidden]' : written;
    const errors = info.value.errors.map((error) => (used === '' ? error : error.replaceAll(used, shown)));
    return { ...info, value: { ...info.value, value: info.value.value === null ? null : shown, errors } };
  });
  return { ...infos, configs };
}

export function withoutNulls(received: ReceivedConfig): ConfigMap {
  const entries = Object.entries(received).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(entries);
}

/** Throws BadRequestException with every message, in Connect's words. Java: `AbstractHerder.maybeAddConfigErrors`. */
export function throwIfInvalid(infos: ConfigInfos): void {
  if (infos.error_count === 0) return;
  const messages = infos.configs.flatMap(({ value }) => value.errors.map((error) => `\n${error}`));
  const key = infos.configs.find(({ value }) => value.errors.length > 0)?.value.name;
  throw new BadRequestException(
    `Connector configuration is invalid and contains the following ${infos.error_count} error(s):${messages.join('')}` +
      '\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    { code: 'INVALID_CONFIG', key },
  );
}
