import { ConfigException } from '../../../common/errors.ts';

/** As DescribeConfigs numbers them. */
export const PROPERTY_TYPES = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const;
export type PropertyType = keyof typeof PROPERTY_TYPES;

/** Where a value comes from, as DescribeConfigs numbers it. */
export const CONFIG_SOURCES = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
} as const;

/** A setting under Kafka's name; `default` as text, as in a properties file, null where there is none. */
export interface Property {
  /** Another condition than `min`, `max` and `values`: what is wrong with the value, undefined when nothing is. */
  readonly check?: (value: string) => string | undefined;
  readonly type: PropertyType;
  readonly default: string | null;
  readonly doc: string;
  readonly min?: number;
  readonly max?: number;
  /** Of a string, or of each item of a list. */
  readonly values?: readonly string[];
  /** The values of a string may be written in any case. */
  readonly anyCase?: boolean;
}

export type Properties = Readonly<Record<string, Property>>;

const LIMITS: Readonly<Record<string, [bigint, bigint]>> = {
  short: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Throws ConfigException with Kafka's words when the text is no value of the property. */
export function checkProperty(name: string, property: Property, value: string): void {
  const invalid = (reason: string) => ConfigException.invalidValue(name, value, reason);
  const text = value.trim();
  switch (property.type) {
    case 'boolean':
      if (!/^(true|false)$/i.test(text)) throw invalid('Expected value to be either true or false');
      return;
    case 'class':
    case 'password':
      return;
    case 'string':
      if (property.values && !property.values.includes(property.anyCase ? text.toLowerCase() : text)) {
        const which = property.anyCase ? 'one of (case insensitive)' : 'one of';
        throw invalid(`String must be ${which}: ${property.values.join(', ')}`);
      }
      return;
    case 'list':
      for (const item of listOf(text)) {
        if (property.values && !property.values.includes(item))
          throw ConfigException.invalidValue(name, item, `String must be one of: ${property.values.join(', ')}`);
      }
      checked(text, property, invalid);
      return;
    case 'double':
      if (text === '' || !Number.isFinite(Number(text))) throw invalid('Not a number of type DOUBLE');
      inRange(Number(text), property, invalid);
      return;
    default: {
      const [least, most] = LIMITS[property.type] as [bigint, bigint];
      if (!/^[+-]?\d+$/.test(text) || BigInt(text) < least || BigInt(text) > most) {
        throw invalid(`Not a number of type ${property.type.toUpperCase()}`);
      }
      inRange(Number(text), property, invalid);
      checked(text, property, invalid);
    }
  }
}

/** The text of a value as Java writes what it has read: `+5` is 5, `TRUE` is true, `1` of a double is 1.0. */
export function normalizedValue({ type }: Property, value: string): string {
  const text = value.trim();
  switch (type) {
    case 'boolean':
      return text.toLowerCase();
    case 'int':
    case 'short':
    case 'long':
      return /^[+-]?\d+$/.test(text) ? String(BigInt(text)) : text;
    case 'double':
      return /^[+-]?\d{1,7}$/.test(text) ? `${Number(text)}.0` : text;
    case 'list':
      return listOf(text).join(',');
    case 'string':
    case 'class':
    case 'password':
      return text;
  }
}

function checked(text: string, { check }: Property, invalid: (reason: string) => ConfigException): void {
  const reason = check?.(text);
  if (reason !== undefined) throw invalid(reason);
}

function inRange(value: number, { min, max }: Property, invalid: (reason: string) => ConfigException): void {
  if (min !== undefined && value < min) throw invalid(`Value must be at least ${min}`);
  if (max !== undefined && value > max) throw invalid(`Value must be no more than ${max}`);
}

export function listOf(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
