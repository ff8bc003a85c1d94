import type { Password } from './password.ts';

/** Java: `org.apache.kafka.common.config.ConfigDef`. */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW';
export type Width = 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';

/** The TypeScript type of a parsed value. LONG is int64, hence bigint. */
export interface ConfigValues {
  BOOLEAN: boolean;
  STRING: string;
  INT: number;
  SHORT: number;
  LONG: bigint;
  DOUBLE: number;
  LIST: string[];
  CLASS: string;
  PASSWORD: Password;
}

/** Throws ConfigException; `toString` is what the documentation prints (`[0,...]`, `[none, all]`). */
export interface Validator {
  ensureValid(name: string, value: unknown): void;
  toString(): string;
}

export interface Recommender {
  validValues(name: string, parsed: Readonly<Record<string, unknown>>): unknown[];
  visible(name: string, parsed: Readonly<Record<string, unknown>>): boolean;
}

export interface ConfigKey<T extends ConfigType = ConfigType> {
  type: T;
  /** Absent: required. null: optional with no value. */
  default?: ConfigValues[T] | null;
  validator?: Validator;
  importance: Importance;
  doc: string;
  group?: string;
  /** Derived from the position inside the group when absent. */
  order?: number;
  width?: Width;
  displayName?: string;
  dependents?: readonly string[];
  recommender?: Recommender;
  /** Not shown in forms or documentation. */
  internal?: boolean;
}

export type AnyConfigKey = { [T in ConfigType]: ConfigKey<T> }[ConfigType];
export type ConfigKeys = Readonly<Record<string, AnyConfigKey>>;

type NullIf<K> = K extends { default: null } ? null : never;
export type ParsedConfig<K extends ConfigKeys> = {
  readonly [N in keyof K]: ConfigValues[K[N]['type']] | NullIf<K[N]>;
};

/** Keys in their order. Made by `configDef`, which keeps the literal types. */
export interface ConfigDef<K extends ConfigKeys = ConfigKeys> {
  readonly keys: K;
}

/** Declares keys once: types, validation, form and documentation are derived from it. */
export function configDef<const K extends ConfigKeys>(keys: K): ConfigDef<K> {
  return { keys };
}
