import { ConfigException } from '../../../common/errors.ts';
import { type AnyConfigKey, type ConfigDef, type ConfigKeys, configDef, type Validator } from '../api/config-def.ts';
import { embedKeys } from '../api/config-infos.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';
import { compositeValidator, validator } from '../api/validators.ts';
import type { PluginKind } from '../plugins/aliases.ts';
import { INTERFACES, type Plugins } from '../plugins/plugins.ts';
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
  const { className } = connector;
  const version = noProblem(versionProblem(plugins, 'connector', className, config['connector.plugin.version']));
  base['connector.class'] = { ...SOURCE_KEYS['connector.class'], validator: version };
  base['connector.plugin.version'] = {
    ...SOURCE_KEYS['connector.plugin.version'],
    default: plugins.versions('connector', className).at(-1) ?? null,
    validator: version,
    recommender: versionsOf(plugins, 'connector', className),
  };
  for (const { key, kind } of CONVERTERS) {
    const ofWorker = worker?.[key] ?? (worker && key === 'header.converter' ? WORKER_KEYS[key].default : undefined);
    const name = config[key] ?? ofWorker ?? '';
    // The version of a converter that only the worker names is the worker's business.
    const version = versionProblem(plugins, kind, config[key], config[`${key}.plugin.version`]);
    const absent = version?.code === 'UNKNOWN_VERSION' ? version : undefined;
    base[key] = {
      ...SOURCE_KEYS[key],
      default: ofWorker === undefined ? null : (plugins.find(kind, ofWorker)?.className ?? ofWorker),
      validator: compositeValidator(knownClass(plugins, kind), noProblem(absent)),
      recommender: { validValues: () => plugins.classNames(kind), visible: () => true },
    };
    base[`${key}.plugin.version`] = {
      ...SOURCE_KEYS['key.converter.plugin.version'],
      ...SOURCE_KEYS[`${key}.plugin.version`],
      default: plugins.versions(kind, name).at(-1) ?? null,
      validator: noProblem(version),
      recommender: {
        ...versionsOf(plugins, kind, name),
        visible: () => plugins.findAny(name) !== undefined,
      },
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
    const name = config[`${prefix}type`] ?? '';
    const version = config[`${prefix}plugin.version`];
    const problem = versionProblem(plugins, kind, name, version);
    const plugin = problem === undefined ? plugins.find(kind, name, version) : undefined;
    keys[`${prefix}type`] = {
      type: 'CLASS',
      validator: compositeValidator(predicateToNegate(config, prefix), knownClass(plugins, kind), noProblem(problem)),
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
      default: plugins.versions(kind, name).at(-1) ?? null,
      validator: noProblem(problem),
      importance: 'HIGH',
      doc: `The version of the ${what} '${alias}'.`,
      group: `${group}: ${alias}`,
      order: 1,
      width: 'LONG',
      displayName: `${type} version for ${alias}`,
      recommender: { ...versionsOf(plugins, kind, name), visible: () => true },
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

/** Java: `ConfigDef`'s parsing of classes, `ConnectorConfig.ClassValidator` and `Utils.ensureConcrete`. */
function knownClass(plugins: Plugins, kind: Plugin['kind']): Validator {
  return validator((name, value) => {
    const className = value as string | null;
    if (className === null || plugins.find(kind, className) !== undefined) return;
    const other = plugins.findAny(className);
    if (other !== undefined) {
      const problem = `Class class ${other.className} does not implement the ${INTERFACES[kind]} interface`;
      throw new ConfigException(problem, { key: name });
    }
    const nested = plugins.nestedClasses(className);
    if (nested.length > 0) {
      const problem = `This class is abstract and cannot be created. Did you mean ${nested.join(', ')}?`;
      throw new ConfigException(problem, { key: name });
    }
    throw ConfigException.invalidValue(name, className, `Class ${className} could not be found.`);
  }, 'known class');
}

/** Why that version of a plugin can't be had; undefined when it can. Java: `PluginVersionUtils`. */
function versionProblem(
  plugins: Plugins,
  kind: PluginKind,
  classOrAlias: string | undefined,
  wanted: string | undefined,
): ConfigException | undefined {
  try {
    const mismatch = plugins.versionMismatch(kind, classOrAlias ?? '', wanted);
    return mismatch === null ? undefined : new ConfigException(mismatch, { code: 'UNKNOWN_VERSION' });
  } catch (error) {
    if (error instanceof ConfigException) return error;
    throw error;
  }
}

function noProblem(problem: ConfigException | undefined): Validator {
  return validator(() => {
    if (problem !== undefined) throw problem;
  }, 'a version that is there');
}

function versionsOf(plugins: Plugins, kind: PluginKind, classOrAlias: string) {
  const versions = plugins.versions(kind, classOrAlias);
  return { validValues: () => versions, visible: () => versions.length > 0 };
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
