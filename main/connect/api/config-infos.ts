import type { ConfigInfo, ConfigInfos, ConfigKeyInfo, ConfigValueInfo } from '../../../common/connect/config-infos.ts';
import type { AnyConfigKey, ConfigDef, ConfigKeys, ConfigType, Recommender } from './config-def.ts';
import { convertToString } from './config-types.ts';
import type { ConfigValue } from './config-validation.ts';
import { validator } from './validators.ts';

/** Definitions and values in the shape of the REST API. Java: `AbstractHerder.generateResult`. */
export function toConfigInfos(name: string, def: ConfigDef, values: readonly ConfigValue[]): ConfigInfos {
  const unknown: ConfigInfo[] = [];
  const known = new Map<string, ConfigValue>();
  for (const value of values) {
    if (Object.hasOwn(def.keys, value.name)) known.set(value.name, value);
    else unknown.push({ definition: null, value: toConfigValueInfo(value, null) });
  }
  const definitions = toConfigKeyInfos(def);
  const configs: ConfigInfo[] = definitions.flatMap((definition) => {
    const value = known.get(definition.name);
    return value === undefined ? [] : [{ definition, value: toConfigValueInfo(value, definition.type) }];
  });
  return {
    name,
    error_count: values.reduce((count, value) => count + value.errors.length, 0),
    groups: groupsOf(def),
    configs: [...unknown, ...configs],
  };
}

/** `GET /connector-plugins/{name}/config`: all keys but internal ones. */
export function toConfigKeyInfos(def: ConfigDef): ConfigKeyInfo[] {
  const orders = new Map<string, number>();
  return Object.entries(def.keys).map(([name, key]) => {
    const position = key.group === undefined ? -1 : (orders.get(key.group) ?? 0) + 1;
    if (key.group !== undefined) orders.set(key.group, position);
    return toConfigKeyInfo(name, key, key.order ?? position);
  });
}

/** In the order in which keys name them. */
export function groupsOf(def: ConfigDef): string[] {
  return [...new Set(Object.values(def.keys).flatMap((key) => key.group ?? []))];
}

function toConfigKeyInfo(name: string, key: AnyConfigKey, order: number): ConfigKeyInfo {
  return {
    name,
    type: key.type,
    required: key.default === undefined,
    default_value: convertToString(key.default, key.type),
    importance: key.importance,
    documentation: key.doc,
    group: key.group ?? null,
    order_in_group: order,
    width: key.width ?? 'NONE',
    display_name: key.displayName ?? name,
    dependents: [...(key.dependents ?? [])],
  };
}

function toConfigValueInfo(value: ConfigValue, type: ConfigType | null): ConfigValueInfo {
  const itemType = type === 'LIST' ? 'STRING' : type;
  return {
    name: value.name,
    value: convertToString(value.value, type),
    recommended_values: value.recommendedValues.map((item) => convertToString(item, itemType) ?? 'null'),
    errors: value.errors,
    visible: value.visible,
  };
}

/**
 * The keys of a part (a transformation, a converter) under a prefix and in a group of its own, for the definition of
 * the whole. Java: `ConfigDef.embed`.
 */
export function embedKeys(keyPrefix: string, groupPrefix: string, startingOrder: number, child: ConfigDef): ConfigKeys {
  const keys: Record<string, AnyConfigKey> = {};
  for (const [i, [name, key]] of Object.entries(child.keys).entries()) {
    const { validator: base, recommender } = key;
    keys[keyPrefix + name] = {
      ...key,
      group: key.group === undefined ? groupPrefix : `${groupPrefix}: ${key.group}`,
      order: startingOrder + i,
      displayName: key.displayName ?? name,
      validator:
        base && validator((full, value) => base.ensureValid(full.slice(keyPrefix.length), value), base.toString()),
      dependents: key.dependents?.map((dependent) => keyPrefix + dependent),
      recommender: recommender && embeddedRecommender(keyPrefix, recommender),
    } as AnyConfigKey;
  }
  return keys;
}

function embeddedRecommender(keyPrefix: string, base: Recommender): Recommender {
  const own = (parsed: Readonly<Record<string, unknown>>) => {
    const result: Record<string, unknown> = Object.create(null);
    for (const [name, value] of Object.entries(parsed))
      if (name.startsWith(keyPrefix)) result[name.slice(keyPrefix.length)] = value;
    return result;
  };
  return {
    validValues: (name, parsed) => base.validValues(name.slice(keyPrefix.length), own(parsed)),
    visible: (name, parsed) => base.visible(name.slice(keyPrefix.length), own(parsed)),
  };
}
