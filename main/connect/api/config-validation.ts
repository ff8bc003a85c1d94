import { ConfigException } from '../../../common/errors.ts';
import type { AnyConfigKey, ConfigDef, ConfigKeys, ParsedConfig } from './config-def.ts';
import { parseType } from './config-types.ts';
import type { ConfigMap } from './connector.ts';

/** What validation says of one key. Java: `org.apache.kafka.common.config.ConfigValue`. */
export interface ConfigValue {
  name: string;
  /** Parsed; null when there is none or it can't be read. */
  value: unknown;
  recommendedValues: unknown[];
  errors: string[];
  visible: boolean;
}

/** Every known key, parsed or defaulted. Throws ConfigException at the first that is wrong. Java: `ConfigDef.parse`. */
export function parseConfig<K extends ConfigKeys>(def: ConfigDef<K>, config: ConfigMap): ParsedConfig<K> {
  const undefinedKeys = undefinedDependents(def.keys);
  if (undefinedKeys.length > 0)
    throw new ConfigException(
      `Some configurations in are referred in the dependents, but not defined: ${undefinedKeys.join(',')}`,
    );
  const parsed: Record<string, unknown> = Object.create(null);
  for (const [name, key] of Object.entries(def.keys)) {
    const value = read(name, key, config);
    key.validator?.ensureValid(name, value);
    parsed[name] = value;
  }
  return parsed as ParsedConfig<K>;
}

/**
 * All that is wrong, key by key in the order of the definition, with what recommenders say. Java:
 * `ConfigDef.validate`, except that a key's errors are listed once however many keys it depends on.
 */
export function validateConfig(def: ConfigDef, config: ConfigMap): ConfigValue[] {
  const values = new Map<string, ConfigValue>();
  const parsed: Record<string, unknown> = Object.create(null);
  for (const [name, key] of Object.entries(def.keys)) {
    const result: ConfigValue = { name, value: null, recommendedValues: [], errors: [], visible: true };
    collect(result, () => {
      result.value = read(name, key, config);
    });
    // Kafka asks the validator even after a failed parse, with null: two errors then.
    collect(result, () => key.validator?.ensureValid(name, result.value));
    parsed[name] = result.value;
    values.set(name, result);
  }
  for (const [name, key] of Object.entries(def.keys)) {
    const result = values.get(name) as ConfigValue;
    collect(result, () => {
      if (key.recommender === undefined) return;
      result.recommendedValues = key.recommender.validValues(name, parsed);
      result.visible = key.recommender.visible(name, parsed);
    });
  }
  for (const name of undefinedDependents(def.keys))
    values.set(name, {
      name,
      value: null,
      recommendedValues: [],
      errors: [`${name} is referred in the dependents, but not defined.`],
      visible: false,
    });
  return [...values.values()];
}

function read(name: string, key: AnyConfigKey, config: ConfigMap): unknown {
  const raw = Object.hasOwn(config, name) ? (config[name] as string | null) : undefined;
  if (raw === null) return null;
  if (raw !== undefined) return parseType(name, raw, key.type);
  if (key.default === undefined)
    throw new ConfigException(`Missing required configuration "${name}" which has no default value.`, { key: name });
  return key.default;
}

function collect(result: ConfigValue, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    result.errors.push(error.message);
  }
}

function undefinedDependents(keys: ConfigKeys): string[] {
  const named = Object.values(keys).flatMap((key) => key.dependents ?? []);
  return [...new Set(named)].filter((name) => !Object.hasOwn(keys, name));
}
