import { DataException } from '../../../common/errors.ts';
import { Decimal } from './decimal.ts';
import { parseIsoDate } from './iso-dates.ts';
import { DATE, decimalBuilder, isDateSchema, MS_PER_DAY } from './logical-types.ts';
import type { SchemaAndValue } from './plugins.ts';
import { Schema, type SchemaType } from './schema.ts';
import { SchemaBuilder } from './schema-builder.ts';
import { ValueTokens } from './values-tokens.ts';

const NOTHING: SchemaAndValue = { schema: null, value: null };
const MAX_DEPTH = 1000;

/**
 * Guesses what a text is: number, boolean, date, array, map, null, else a string; `007` is an int8, `1.5` a float32,
 * `1,5` a 1. Java: `Values.parseString`, followed exactly but for these: dates are in UTC; an array or map whose items
 * have no type in common holds its integers as int64; arrays in arrays are brought to one type, too; digits are ASCII.
 */
export function parseValue(text: string): SchemaAndValue {
  if (text === '') return { schema: Schema.STRING_SCHEMA, value: text };
  return parse(new ValueTokens(text), false, 0);
}

function parse(tokens: ValueTokens, embedded: boolean, depth: number): SchemaAndValue {
  if (depth > MAX_DEPTH) throw new RangeError(`The value is nested deeper than ${MAX_DEPTH}`);
  if (!tokens.hasNext()) return NOTHING;
  if (embedded && tokens.canConsume('"')) return parseQuoted(tokens);
  if (isLiteral(tokens, embedded, 'null')) return NOTHING;
  if (isLiteral(tokens, embedded, 'true')) return { schema: Schema.BOOLEAN_SCHEMA, value: true };
  if (isLiteral(tokens, embedded, 'false')) return { schema: Schema.BOOLEAN_SCHEMA, value: false };
  const start = tokens.mark();
  try {
    if (tokens.canConsume('[')) return parseArray(tokens, depth);
    if (tokens.canConsume('{')) return parseMap(tokens, depth);
  } catch (error) {
    if (!(error instanceof DataException)) throw error;
    tokens.rewindTo(start);
  }
  const token = tokens.next();
  return token.trim() === ''
    ? { schema: Schema.STRING_SCHEMA, value: token }
    : parseToken(tokens, embedded, token.trim());
}

/** At the top, `true}` is a string: only as the whole text is a literal one. */
function isLiteral(tokens: ValueTokens, embedded: boolean, literal: string): boolean {
  const start = tokens.mark();
  if (tokens.canConsume(literal) && (embedded || !tokens.hasNext())) return true;
  tokens.rewindTo(start);
  return false;
}

function parseToken(tokens: ValueTokens, embedded: boolean, token: string): SchemaAndValue {
  const digit = /^\d/.test(token);
  const date = digit ? parseDate(tokens, token) : undefined;
  if (date !== undefined) return date;
  const decimal = digit || /^[+-]/.test(token) ? Decimal.parse(token) : undefined;
  if (decimal !== undefined) return narrowest(decimal);
  if (embedded) throw new DataException('Failed to parse embedded value');
  return { schema: Schema.STRING_SCHEMA, value: tokens.original };
}

/** A time has colons in it, so it comes as five tokens. */
function parseDate(tokens: ValueTokens, token: string): SchemaAndValue | undefined {
  const position = tokens.mark();
  const more = tokens.nextTokens(4);
  const found = more === null ? undefined : dateOf(token + more);
  if (found !== undefined) return found;
  tokens.rewindTo(position);
  return dateOf(token);
}

function dateOf(text: string): SchemaAndValue | undefined {
  return parseIsoDate(text.replaceAll('\\:', ':'));
}

function parseQuoted(tokens: ValueTokens): SchemaAndValue {
  let content = '';
  while (tokens.hasNext() && !tokens.canConsume('"')) content += tokens.next();
  return dateOf(content) ?? { schema: Schema.STRING_SCHEMA, value: content };
}

/** int8, int16, int32, int64, float32, float64, Decimal: the first that Java thinks fit. */
function narrowest(decimal: Decimal): SchemaAndValue {
  const integer = wholeBelow1e19(decimal);
  if (integer !== undefined && BigInt.asIntN(64, integer) === integer) {
    if (BigInt.asIntN(8, integer) === integer) return { schema: Schema.INT8_SCHEMA, value: Number(integer) };
    if (BigInt.asIntN(16, integer) === integer) return { schema: Schema.INT16_SCHEMA, value: Number(integer) };
    if (BigInt.asIntN(32, integer) === integer) return { schema: Schema.INT32_SCHEMA, value: Number(integer) };
    return { schema: Schema.INT64_SCHEMA, value: integer };
  }
  const double = decimal.toNumber();
  const float = Math.fround(double);
  if (decimal.scale !== 0 && Number.isFinite(float)) return { schema: Schema.FLOAT32_SCHEMA, value: float };
  if (decimal.scale !== 0 && Number.isFinite(double)) return { schema: Schema.FLOAT64_SCHEMA, value: double };
  return { schema: decimalBuilder(decimal.scale).build(), value: decimal };
}

function wholeBelow1e19(decimal: Decimal): bigint | undefined {
  if (decimal.unscaled === 0n) return 0n;
  // The power of ten of the first digit: huge exponents are never written out.
  const exponent = decimal.unscaled.toString().replace('-', '').length - 1 - decimal.scale;
  return exponent < 0 || exponent > 19 ? undefined : decimal.toBigInt();
}

function parseArray(tokens: ValueTokens, depth: number): SchemaAndValue {
  const items: SchemaAndValue[] = [];
  const common = new CommonSchema();
  while (tokens.hasNext()) {
    if (tokens.canConsume(']')) {
      const schema = common.schema;
      if (schema === null) return { schema: new Schema('ARRAY'), value: items.map(withoutSchema) };
      return { schema: SchemaBuilder.array(schema).build(), value: items.map((item) => align(schema, item)) };
    }
    if (tokens.canConsume(',')) throw new DataException(`Unable to parse an empty array element: ${tokens.original}`);
    const item = parse(tokens, true, depth + 1);
    common.merge(item);
    items.push(item);
    const position = tokens.mark();
    if (tokens.canConsume(']')) tokens.rewindTo(position);
    else if (!tokens.canConsume(',')) throw new DataException("Array elements missing ',' delimiter");
  }
  throw new DataException(
    tokens.previous === ','
      ? `Array is missing element after ',': ${tokens.original}`
      : `Array is missing terminating ']': ${tokens.original}`,
  );
}

function parseMap(tokens: ValueTokens, depth: number): SchemaAndValue {
  const entries: [SchemaAndValue, SchemaAndValue][] = [];
  const keys = new CommonSchema();
  const values = new CommonSchema();
  while (tokens.hasNext()) {
    if (tokens.canConsume('}')) return mapOf(entries, keys.schema, values.schema);
    if (tokens.canConsume(','))
      throw new DataException(`Unable to parse a map entry with no key or value: ${tokens.original}`);
    const key = parse(tokens, true, depth + 1);
    if (key.value === null) throw new DataException(`Map entry may not have a null key: ${tokens.original}`);
    if (!tokens.canConsume(':'))
      throw new DataException(`Map entry is missing ':' at ${tokens.mark()} in ${tokens.original}`);
    const value = parse(tokens, true, depth + 1);
    entries.push([key, value]);
    tokens.canConsume(',');
    keys.merge(key);
    values.merge(value);
  }
  throw new DataException(
    tokens.previous === ','
      ? `Map is missing element after ',': ${tokens.original}`
      : `Map is missing terminating '}': ${tokens.original}`,
  );
}

function mapOf(
  entries: readonly [SchemaAndValue, SchemaAndValue][],
  keySchema: Schema | null,
  valueSchema: Schema | null,
): SchemaAndValue {
  const map = new Map<unknown, unknown>();
  for (const [key, value] of entries)
    map.set(
      keySchema === null ? withoutSchema(key) : align(keySchema, key),
      keySchema === null || valueSchema === null ? withoutSchema(value) : align(valueSchema, value),
    );
  return { schema: new Schema('MAP', { keySchema, valueSchema: keySchema === null ? null : valueSchema }), value: map };
}

/** Integers and floats have no type of their own without a schema: bigint is Java's Long, number its Double. */
function withoutSchema({ schema, value }: SchemaAndValue): unknown {
  if (typeof value === 'number' && schema?.type.startsWith('INT')) return BigInt(value);
  if (Array.isArray(value)) {
    const items = schema?.valueSchemaOrNull ?? null;
    return value.map((item) => withoutSchema({ schema: items, value: item }));
  }
  if (!(value instanceof Map)) return value;
  const [keys, items] = [schema?.keySchemaOrNull ?? null, schema?.valueSchemaOrNull ?? null];
  return new Map(
    [...value].map(([key, item]) => [
      withoutSchema({ schema: keys, value: key }),
      withoutSchema({ schema: items, value: item }),
    ]),
  );
}

const WIDTH: ReadonlyMap<SchemaType, number> = new Map(
  (['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'] as const).map((type, i) => [type, i]),
);

/** The schema that all items can have; null once there is none. Java: `Values.SchemaMerger`. */
class CommonSchema {
  schema: Schema | null = null;
  #compatible = true;

  merge({ schema: next }: SchemaAndValue): void {
    if (next === null || !this.#compatible) return;
    this.schema = this.schema === null ? next : wider(this.schema, next);
    this.#compatible = this.schema !== null;
  }
}

function wider(previous: Schema, next: Schema): Schema | null {
  if (previous.type === next.type) {
    if (next.type === 'ARRAY') return widerContainer('ARRAY', previous, next);
    return next.type === 'MAP' ? widerContainer('MAP', previous, next) : next;
  }
  const [a, b] = [WIDTH.get(previous.type), WIDTH.get(next.type)];
  if (a === undefined || b === undefined) return null;
  return a < b ? next : previous;
}

/** An empty array or map goes with any. */
function widerContainer(type: 'ARRAY' | 'MAP', previous: Schema, next: Schema): Schema | null {
  const both = (a: Schema | null, b: Schema | null) => (a === null ? b : b === null ? a : wider(a, b));
  const keySchema = both(previous.keySchemaOrNull, next.keySchemaOrNull);
  const valueSchema = both(previous.valueSchemaOrNull, next.valueSchemaOrNull);
  if (keySchema === null && previous.keySchemaOrNull !== null && next.keySchemaOrNull !== null) return null;
  if (valueSchema === null && previous.valueSchemaOrNull !== null && next.valueSchemaOrNull !== null) return null;
  return new Schema(type, { keySchema, valueSchema });
}

/** A value that was read by one schema, as one of the common schema. */
function align(to: Schema, { schema: from, value }: SchemaAndValue): unknown {
  if (value === null) throw new DataException('Unable to convert a null value to a schema that requires a value');
  if (Array.isArray(value)) return alignItems(to.valueSchemaOrNull, from?.valueSchemaOrNull ?? null, value);
  if (value instanceof Map) {
    const keys = alignItems(to.keySchemaOrNull, from?.keySchemaOrNull ?? null, [...value.keys()]);
    const items = alignItems(to.valueSchemaOrNull, from?.valueSchemaOrNull ?? null, [...value.values()]);
    return new Map(keys.map((key, i) => [key, items[i]]));
  }
  if (from?.name === to.name) return to.type === 'INT64' ? BigInt(value as number | bigint) : widened(to, value);
  if (isDateSchema(to) && typeof value === 'number') return BigInt(value) * (to.name === DATE ? MS_PER_DAY : 1n);
  if (isDateSchema(to) || !isDateSchema(from)) return value;
  throw new DataException(`Unable to convert a date to ${to}`);
}

function alignItems(to: Schema | null, from: Schema | null, items: readonly unknown[]): unknown[] {
  return items.map((value) => (to === null || value === null ? value : align(to, { schema: from, value })));
}

function widened(to: Schema, value: unknown): unknown {
  return typeof value === 'bigint' && to.type.startsWith('FLOAT') ? Number(value) : value;
}
