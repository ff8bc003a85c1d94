import { DataException } from '../../../common/errors.ts';
import type { SourceMap } from './records.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * A source partition or offset as JSON that is the same for the same content: keys sorted, integers with all their
 * digits, doubles always with a point or an exponent (as Java writes a Double), so that reading it back gives the
 * same types. Throws DataException for what Connect would not store either (nested values, NaN).
 */
export function canonicalSourceMap(map: SourceMap): string {
  const names = Object.keys(map);
  if (names.length > 1) names.sort();
  let text = '{';
  for (const name of names) {
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(name)}:${canonicalValue(name, map[name])}`;
  }
  return `${text}}`;
}

function canonicalValue(name: string, value: SourceMap[string] | undefined): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'bigint':
      if (value < INT64_MIN || value > INT64_MAX)
        throw new DataException(`Field '${name}' of a source partition or offset is beyond int64: ${value}`);
      return value.toString();
    case 'number':
      if (!Number.isFinite(value))
        throw new DataException(`Field '${name}' of a source partition or offset is ${value}, which JSON can't hold`);
      return doubleText(value);
    default:
      if (value === null) return 'null';
      throw new DataException(
        `Offsets may only contain primitive types as values, but field '${name}' contains ${typeof value}`,
        { hint: 'Use text, integers, floating point numbers, booleans or null.' },
      );
  }
}

function doubleText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * The key under which Java's `OffsetStorageWriter` stores an offset, `["connector",{"partition":"fields"}]`; null for
 * JSON that is something else. Throws DataException for what is no JSON.
 */
export function parsePartitionKey(text: string): { connector: string; partition: SourceMap } | null {
  const key = parse(text);
  if (!Array.isArray(key) || key.length !== 2) return null;
  const [connector, partition] = key as unknown[];
  if (typeof connector !== 'string' || !isMap(partition)) return null;
  canonicalSourceMap(partition);
  return { connector, partition };
}

/** Reads it back: integers as bigint, numbers with a point or an exponent as number. Throws DataException. */
export function parseSourceMap(text: string): SourceMap {
  const map = parse(text);
  if (!isMap(map)) throw new DataException('A stored source offset is not a JSON object');
  return map;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits as (this: unknown, name: string, value: unknown) => unknown);
  } catch (error) {
    if (error instanceof DataException) throw error;
    throw new DataException('A stored source offset is not JSON', { cause: error });
  }
}

function isMap(value: unknown): value is SourceMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keepDigits(_name: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context.source as string;
  if (!/^-?\d+$/.test(source)) return value;
  const integer = BigInt(source);
  if (integer < INT64_MIN || integer > INT64_MAX) throw new DataException(`The integer ${source} is beyond int64`);
  return integer;
}
