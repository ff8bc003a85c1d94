import { ConfigException } from '../../../common/errors.ts';
import type { IdleSetting, Setting } from './setting.ts';

/** Bits of Java's whole numbers. */
const BITS = { SHORT: 15n, INT: 31n, LONG: 63n } as const;

/**
 * A setting's text as its type. Java: `ConfigDef.parseType` and the key's validator, whose sentences these are.
 *
 * @throws ConfigException which shows no value of type PASSWORD
 */
export function parseSetting(name: string, setting: Setting | IdleSetting, text: string): unknown {
  const value = text.trim();
  switch (setting.type) {
    case 'SHORT':
    case 'INT':
    case 'LONG': {
      const exact = /^[+-]?\d+$/.test(value) ? BigInt(value.replace(/^\+/, '')) : null;
      const limit = 2n ** BITS[setting.type];
      if (exact === null || exact >= limit || exact < -limit) throw noNumber(name, setting, text);
      return bounded(name, setting, Number(exact));
    }
    case 'DOUBLE':
      if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[df]?$/i.test(value)) throw noNumber(name, setting, text);
      return bounded(name, setting, Number(value.replace(/[df]$/i, '')));
    case 'BOOLEAN': {
      const lower = value.toLowerCase();
      if (lower === 'true' || lower === 'false') return lower === 'true';
      throw ConfigException.invalidValue(name, text, 'Expected value to be either true or false');
    }
    case 'LIST': {
      const items = value === '' ? [] : value.split(/\s*,\s*/);
      if (items.includes(''))
        throw new ConfigException(`Configuration '${name}' values must not be empty.`, { key: name });
      if (items.length > 0 || !setting.required) return [...new Set(items)];
      throw new ConfigException(
        `Configuration '${name}' must not be empty. Valid values include: any non-empty value`,
        { key: name },
      );
    }
    case 'PASSWORD':
    case 'CLASS':
      return value;
    case 'STRING': {
      if (setting.nonEmpty && value === '') throw ConfigException.invalidValue(name, value, 'String must be non-empty');
      const refusal = setting.check?.(value);
      if (refusal) throw ConfigException.invalidValue(name, value, refusal);
      return setting.values ? oneOf(name, value, setting.values, setting.anyCase ?? false) : value;
    }
  }
}

function oneOf(name: string, value: string, values: readonly string[], anyCase: boolean): string {
  const found = values.find((each) => (anyCase ? each.toLowerCase() === value.toLowerCase() : each === value));
  if (found !== undefined) return found;
  const note = anyCase ? ' (case insensitive)' : '';
  throw ConfigException.invalidValue(name, value, `String must be one of${note}: ${values.join(', ')}`);
}

type NumberBounds = { type: string; min?: number; max?: number; or?: number };

function bounded(name: string, { type, min, max, or }: NumberBounds, value: number): number {
  const shown = (number: number) => (type === 'DOUBLE' ? javaDouble(number) : `${number}`);
  const invalid = (reason: string) => ConfigException.invalidValue(name, shown(value), reason);
  if (value === or) return value;
  const low = min !== undefined && value < min;
  const high = max !== undefined && value > max;
  if ((low || high) && or !== undefined) throw invalid(`Value must be between ${min} and ${max} or equal to ${or}`);
  if (low) throw invalid(`Value must be at least ${shown(min)}`);
  if (high) throw invalid(`Value must be no more than ${shown(max)}`);
  return value;
}

function noNumber(name: string, { type }: { type: string }, text: string): ConfigException {
  return ConfigException.invalidValue(name, text, `Not a number of type ${type}`);
}

/** As `Double.toString` writes it, for numbers of the size that settings have. */
function javaDouble(number: number): string {
  const size = Math.abs(number);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits, exponent] = number.toExponential().split('e') as [string, string];
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(number) ? `${number}.0` : `${number}`;
}
