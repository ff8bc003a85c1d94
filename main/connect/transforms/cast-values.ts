import { DataException } from '../../../common/errors.ts';
import { Decimal } from '../api/decimal.ts';
import { isoDateText } from '../api/iso-dates.ts';
import { javaClassOf } from '../api/java-class.ts';
import { javaFloat } from '../api/java-number.ts';
import { javaText } from '../api/java-text.ts';
import { DATE, DECIMAL, dateToDays, isDateSchema, TIME, timeToMillis } from '../api/logical-types.ts';
import type { Schema, SchemaType } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';

const INPUT_TYPES = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64', 'BOOLEAN', 'STRING', 'BYTES'];

/** Date, Time, Timestamp, Decimal: the value is not held as its schema's type says. */
export function isLogical(schema: Schema): boolean {
  return isDateSchema(schema) || schema.name === DECIMAL;
}

/**
 * A value as another type, by Java's rules: integers are cut to the width, floats lose their fraction and stop at the
 * ends of the range; texts have to be numbers. Without a schema integers come out as bigint. Java:
 * `Cast.castValueToType`.
 */
export function castValue(schema: Schema | null, value: unknown, type: SchemaType): unknown {
  if (value === null || value === undefined) return null;
  const inputType = schema === null ? inferredType(value) : schema.type;
  if (inputType === undefined)
    throw new DataException(
      `Cast transformation was passed a value of type class ${javaClassOf(value)} which is not supported by Connect's data API`,
    );
  if (!INPUT_TYPES.includes(inputType))
    throw new DataException(
      `Cast transformation does not support casting from ${inputType}; supported types are [${INPUT_TYPES.join(', ')}]`,
    );
  if (type === 'STRING') return castToString(schema, value);
  const plain = encoded(schema, value);
  if (type === 'BOOLEAN') return castToBoolean(plain, schema);
  if (type === 'FLOAT64') return castToDouble(plain, schema, (it) => it);
  if (type === 'FLOAT32') {
    const float = castToDouble(plain, schema, Math.fround);
    // Without a schema it is held as a double: the one that prints like the float.
    return schema === null && Number.isFinite(float) ? Number(javaFloat(float)) : float;
  }
  const integer = castToInteger(plain, schema, type);
  return type === 'INT64' || schema === null ? integer : Number(integer);
}

function inferredType(value: unknown): SchemaType | undefined {
  switch (typeof value) {
    case 'bigint':
      return 'INT64';
    case 'number':
      return 'FLOAT64';
    case 'string':
      return 'STRING';
    case 'boolean':
      return 'BOOLEAN';
  }
  if (value instanceof Uint8Array) return 'BYTES';
  if (Array.isArray(value)) return 'ARRAY';
  if (value instanceof Map) return 'MAP';
  return value instanceof Struct ? 'STRUCT' : undefined;
}

/** Dates as the number that their schema stores. */
function encoded(schema: Schema | null, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  if (schema?.name === DATE) return BigInt(dateToDays(value));
  return schema?.name === TIME ? BigInt(timeToMillis(value)) : value;
}

const BITS: Readonly<Record<string, number>> = { INT8: 8, INT16: 16, INT32: 32, INT64: 64 };

function castToInteger(value: unknown, schema: Schema | null, type: SchemaType): bigint {
  const bits = BITS[type] as number;
  if (typeof value === 'bigint') return BigInt.asIntN(bits, value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string') {
    if (/^[+-]?\d{1,100}$/.test(value)) {
      const integer = BigInt(value.replace(/^\+/, ''));
      if (BigInt.asIntN(bits, integer) === integer) return integer;
    }
    throw outOfRange(value);
  }
  if (value instanceof Decimal) return BigInt.asIntN(bits, value.truncated() ?? 0n);
  if (typeof value !== 'number') throw unexpected(value, schema);
  if (schema?.type.startsWith('INT')) return BigInt.asIntN(bits, BigInt(value));
  // A double first becomes an int or a long, which end at their limits, and is then cut.
  return BigInt.asIntN(bits, saturated(value, bits === 64 ? 63n : 31n));
}

function saturated(value: number, exponent: bigint): bigint {
  if (Number.isNaN(value)) return 0n;
  const [min, max] = [-(2n ** exponent), 2n ** exponent - 1n];
  if (value <= Number(min)) return min;
  return value >= Number(max) ? max : BigInt(Math.trunc(value));
}

const NUMBER = /^(?:[+-]?(?:NaN|Infinity)|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

function castToDouble(value: unknown, schema: Schema | null, rounded: (value: number) => number): number {
  if (typeof value === 'number') return rounded(value);
  if (typeof value === 'bigint') return rounded(Number(value));
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Decimal) return rounded(value.toNumber());
  if (typeof value !== 'string') throw unexpected(value, schema);
  const text = value.trim();
  if (!NUMBER.test(text)) throw outOfRange(value);
  const digits = /[yN]$/.test(text) ? text.replace(/^[+-](?=NaN)/, '') : text.replace(/[fFdD]$/, '');
  return rounded(Number(digits));
}

function castToBoolean(value: unknown, schema: Schema | null): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return Math.trunc(value) !== 0 && !Number.isNaN(value);
  if (value instanceof Decimal) return (value.truncated() ?? 1n) !== 0n;
  throw unexpected(value, schema);
}

function castToString(schema: Schema | null, value: unknown): string {
  if (isDateSchema(schema)) return isoDateText(value as bigint);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  return javaText(schema, value);
}

function outOfRange(value: string): DataException {
  return new DataException(`Value (${value}) was out of range for requested data type`);
}

function unexpected(value: unknown, schema: Schema | null): DataException {
  return new DataException(`Unexpected type in Cast transformation: class ${javaClassOf(value, schema)}`);
}
