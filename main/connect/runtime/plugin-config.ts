import { ConfigException } from '../../../common/errors.ts';
import { type AnyConfigKey, type ConfigDef, type ConfigKeys, configDef, type Validator } from '../api/config-def.ts';
import { embedKeys } from '../api/config-infos.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';
import { compositeValidator, validator } from '../api/validators.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { SINK_KEYS } from './sink-connector-config.ts';
import { SOURCE_KEYS, topicCreationKeys } from './source-connector-config.ts';
import { WORKER_KEYS } from './worker-config.ts';

export const CONVERTERS = [
  { key: 'key.converter', kind: 'converter', type: 'key' },
  { key: 'value.converter', kind: 'converter', type: 'value' },
  { key: 'header.converter', kind: 'header_converter', type: 'header' },
] as const;

/**
 * All that a connector's configuration may hold besides the connector's own keys: the framework's keys with the
 * worker's converters as defaults, the settings of topic creation, and of each configured transformation and
 * predicate. Without a worker nothing has its converters as default. Java: `ConnectorConfig.enrichedConfigDef`,
 * `ConnectorConfig.enrich`.
 */
export function frameworkConfig(
  plugins: Plugins,
  connector: Connector,
  config: ConfigMap,
  worker: ConfigMap | null,
): ConfigDef {
  const base: Record<string, AnyConfigKey> = { ...(connector.kind === 'source' ? SOURCE_KEYS : SINK_KEYS) };
  base['connector.plugin.version'] = {
    ...SOURCE_KEYS['connector.plugin.version'],
    default: connector.version,
    recommender: only(connector.version),
  };
  for (const { key, kind } of CONVERTERS) {
    const ofWorker = worker?.[key] ?? (worker && key === 'header.converter' ? WORKER_KEYS[key].default : undefined);
    const own = plugins.find(kind, config[key] ?? ofWorker ?? '');
    base[key] = {
      ...SOURCE_KEYS[key],
      default: ofWorker === undefined ? null : (plugins.find(kind, ofWorker)?.className ?? ofWorker),
      validator: knownClass(plugins, kind),
      recommender: { validValues: () => plugins.classNames(kind), visible: () => true },
    };
    base[`${key}.plugin.version`] = {
      ...SOURCE_KEYS['key.converter.plugin.version'],
      ...SOURCE_KEYS[`${key}.plugin.version`],
      default: own?.version ?? null,
      recommender: only(own?.version),
    };
  }
  return configDef({
    ...base,
    ...(connector.kind === 'source' ? topicCreationKeys(config) : {}),
    ...stageKeys(plugins, config, 'transforms'),
    ...stageKeys(plugins, config, 'predicates'),
  });
}

const STAGES = {
  transforms: { kind: 'transformation', group: 'Transforms', what: 'transformation', interface: 'Transformation' },
  predicates: { kind: 'predicate', group: 'Predicates', what: 'predicate', interface: 'Predicate' },
} as const;

/** The names in `transforms` or `predicates`, each once. */
export function aliasesIn(config: ConfigMap, list: keyof typeof STAGES): string[] {
  const names = (config[list] ?? '').split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}

function stageKeys(plugins: Plugins, config: ConfigMap, list: keyof typeof STAGES): ConfigKeys {
  const keys: Record<string, AnyConfigKey> = {};
  const { kind, group, what, interface: type } = STAGES[list];
  for (const alias of aliasesIn(config, list)) {
    const prefix = `${list}.${alias}.`;
    const plugin = plugins.find(kind, config[`${prefix}type`] ?? '');
    keys[`${prefix}type`] = {
      type: 'CLASS',
      validator: compositeValidator(predicateToNegate(config, prefix), knownClass(plugins, kind)),
      importance: 'HIGH',
      doc: `The class of the ${what} '${alias}'.`,
      group: `${group}: ${alias}`,
      order: 0,
      width: 'LONG',
      displayName: `${type} type for ${alias}`,
      recommender: { validValues: () => plugins.classNames(kind), visible: () => true },
    };
    keys[`${prefix}plugin.version`] = {
      type: 'STRING',
      default: plugin?.version ?? null,
      importance: 'HIGH',
      doc: `The version of the ${what} '${alias}'.`,
      group: `${group}: ${alias}`,
      order: 1,
      width: 'LONG',
      displayName: `${type} version for ${alias}`,
      recommender: { ...only(plugin?.version), visible: () => true },
    };
    if (plugin === undefined) continue;
    const own = configDef(list === 'transforms' ? { ...plugin.config.keys, ...PREDICATE_KEYS } : plugin.config.keys);
    Object.assign(keys, embedKeys(prefix, `${group}: ${alias}`, 2, ordered(own)));
  }
  return keys;
}

const PREDICATE_KEYS = {
  predicate: {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: 'The name of a predicate: only records that it is true of are transformed.',
  },
  negate: {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether records are transformed that the predicate is not true of.',
  },
} as const satisfies ConfigKeys;

function predicateToNegate(config: ConfigMap, prefix: string): Validator {
  return validator(() => {
    if (Object.hasOwn(config, `${prefix}negate`) && !Object.hasOwn(config, `${prefix}predicate`)) {
      throw new ConfigException(
        `Config '${prefix}negate' was provided but there is no config '${prefix}predicate' defining a predicate to be negated.`,
        { key: `${prefix}negate` },
      );
    }
  }, 'valid configs');
}

function knownClass(plugins: Plugins, kind: Plugin['kind']): Validator {
  return validator((name, value) => {
    if (value === null || plugins.find(kind, value as string) !== undefined) return;
    throw ConfigException.invalidValue(name, value, `Class ${value} could not be found.`);
  }, 'known class');
}

function only(version: string | undefined) {
  return { validValues: () => (version === undefined ? [] : [version]), visible: () => version !== undefined };
}

const IMPORTANCE = ['HIGH', 'MEDIUM', 'LOW'];

/** Kafka's order: required ones, then by importance, then by name. Java: `ConfigDef.compare`. */
function ordered(def: ConfigDef): ConfigDef {
  const rank = (key: AnyConfigKey) => (key.default === undefined ? 0 : 1) * 10 + IMPORTANCE.indexOf(key.importance);
  return configDef(
    Object.fromEntries(
      Object.entries(def.keys).sort(([a, keyA], [b, keyB]) => rank(keyA) - rank(keyB) || (a < b ? -1 : 1)),
    ),
  );
}
