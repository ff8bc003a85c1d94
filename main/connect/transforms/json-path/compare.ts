import { Decimal } from '../../api/decimal.ts';
import { javaDouble } from '../../api/java-number.ts';
import { Struct } from '../../api/struct.ts';
import { isObject, type JsonObject, member, members } from './members.ts';

export type JsonNumber = bigint | number | Decimal;

export function isNumber(value: unknown): value is JsonNumber {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal;
}

/** Exact, whatever the two are held as: negative, 0 or positive; NaN for NaN. */
export function compareNumbers(a: JsonNumber, b: JsonNumber): number {
  if (a instanceof Decimal || b instanceof Decimal) return compareDecimals(toDecimal(a), toDecimal(b));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}

function toDecimal(value: JsonNumber): Decimal {
  if (value instanceof Decimal) return value;
  return typeof value === 'bigint' ? new Decimal(value, 0) : (Decimal.parse(String(value)) ?? new Decimal(0n, 0));
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  if (scale - Math.min(a.scale, b.scale) > 10_000) return Math.sign(a.toNumber() - b.toNumber());
  const [x, y] = [a.unscaled * 10n ** BigInt(scale - a.scale), b.unscaled * 10n ** BigInt(scale - b.scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `==` of the dialect: a number and a string compare as what stands at the left. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (isNumber(a)) {
    const other = typeof b === 'string' ? Decimal.parse(b) : b;
    return isNumber(other) && compareNumbers(a, other) === 0;
  }
  if (typeof a === 'string') return typeof b === 'string' ? a === b : isNumber(b) && a === numberText(b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (isObject(a)) return isObject(b) && sameMembers(a, b);
  return a === b;
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  if ([...members(a)].length !== [...members(b)].length) return false;
  return namesOf(a).every((name) => member(b, name) !== undefined && isEqual(member(a, name), member(b, name)));
}

function namesOf(object: JsonObject): string[] {
  return object instanceof Struct ? object.schema.fields.map((field) => field.name) : [...object.keys()].map(String);
}

export function numberText(value: JsonNumber): string {
  return typeof value === 'number' ? javaDouble(value) : value.toString();
}
