import { ConfigException } from '../../../common/errors.ts';
import type { ConfigType, ConfigValues } from './config-def.ts';
import { javaDouble } from './java-number.ts';
import { Password } from './password.ts';

/**
 * Reads a configured string as its type; surrounding white space goes. Throws ConfigException in Kafka's words. Java:
 * `ConfigDef.parseType`, except that a CLASS stays a name: who knows the classes checks it.
 */
export function parseType<T extends ConfigType>(name: string, value: string, type: T): ConfigValues[T];
export function parseType(name: string, value: string, type: ConfigType): ConfigValues[ConfigType] {
  const trimmed = trim(value);
  switch (type) {
    case 'BOOLEAN': {
      const lower = trimmed.toLowerCase();
      if (lower === 'true' || lower === 'false') return lower === 'true';
      throw ConfigException.invalidValue(name, value, 'Expected value to be either true or false');
    }
    case 'INT':
      return Number(integer(name, value, trimmed, type, 32));
    case 'SHORT':
      return Number(integer(name, value, trimmed, type, 16));
    case 'LONG':
      return integer(name, value, trimmed, type, 64);
    case 'DOUBLE':
      return double(name, value, trimmed);
    case 'LIST':
      return trimmed === '' ? [] : trimmed.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/);
    case 'PASSWORD':
      return new Password(trimmed);
    case 'STRING':
    case 'CLASS':
      return trimmed;
  }
}

/** Back to text, as REST and documentation show it; a password stays hidden. Java: `ConfigDef.convertToString`. */
export function convertToString(value: unknown, type: ConfigType | null): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'LIST' && Array.isArray(value)) return value.join(',');
  if (type === 'DOUBLE' && typeof value === 'number') return javaDouble(value);
  return valueText(value);
}

/** As it stands in a message: a list as `[a, b]`, nothing as `null`. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** Java's trim: everything up to the space, nothing beyond ASCII. */
function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function integer(name: string, value: string, trimmed: string, type: ConfigType, bits: number): bigint {
  const known = /^[+-]?\d+$/.test(trimmed) && trimmed.length <= 100 ? BigInt(trimmed.replace(/^\+/, '')) : null;
  if (known === null || BigInt.asIntN(bits, known) !== known)
    throw ConfigException.invalidValue(name, value, `Not a number of type ${type}`);
  return known;
}

const DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

/** Java's syntax, hexadecimal floats left out: `1.5`, `.5`, `1e3`, `2d`, `NaN`, `-Infinity`. */
function double(name: string, value: string, trimmed: string): number {
  if (!DOUBLE.test(trimmed)) throw ConfigException.invalidValue(name, value, 'Not a number of type DOUBLE');
  const number = trimmed.endsWith('y') || trimmed.endsWith('N') ? trimmed : trimmed.replace(/[fFdD]$/, '');
  return Number(number.replace(/^[+-]NaN$/, 'NaN'));
}
