import { DataException } from '../../../common/errors.ts';
import { javaClassOf } from '../api/java-class.ts';
import { dateBuilder, MS_PER_DAY, timeBuilder, timestampBuilder } from '../api/logical-types.ts';
import { Schema } from '../api/schema.ts';
import type { SchemaBuilder } from '../api/schema-builder.ts';
import { readDate, unreadableLetter } from './date-format/date-reader.ts';
import { writeDate } from './date-format/date-writer.ts';
import type { PatternPiece } from './date-format/pattern.ts';

export type TimestampType = 'string' | 'unix' | 'Date' | 'Time' | 'Timestamp';

const BUILDERS: Readonly<Record<TimestampType, () => SchemaBuilder | null>> = {
  string: () => null,
  unix: () => null,
  Date: dateBuilder,
  Time: timeBuilder,
  Timestamp: timestampBuilder,
};

/** The schema that a value of this type has; the same object each time. */
export function typeSchema(type: TimestampType, optional: boolean): Schema {
  return (optional ? OPTIONAL_SCHEMAS : SCHEMAS).get(type) as Schema;
}

const TYPES = Object.keys(BUILDERS) as TimestampType[];
const SCHEMAS = new Map(TYPES.map((type) => [type, BUILDERS[type]()?.build() ?? plain(type, false)]));
const OPTIONAL_SCHEMAS = new Map(
  TYPES.map((type) => [type, BUILDERS[type]()?.optional().build() ?? plain(type, true)]),
);

function plain(type: TimestampType, optional: boolean): Schema {
  if (type === 'unix') return optional ? Schema.OPTIONAL_INT64_SCHEMA : Schema.INT64_SCHEMA;
  return optional ? Schema.OPTIONAL_STRING_SCHEMA : Schema.STRING_SCHEMA;
}

/** Without a schema a bigint is a unix timestamp. */
export function inferredType(value: unknown): TimestampType {
  if (typeof value === 'bigint') return 'unix';
  if (typeof value === 'string') return 'string';
  throw new DataException(`TimestampConverter does not support class ${javaClassOf(value)} objects as timestamps`);
}

/** Nanoseconds in the unit. */
const UNITS: Readonly<Record<string, bigint>> = {
  seconds: 1_000_000_000n,
  milliseconds: 1_000_000n,
  microseconds: 1000n,
  nanoseconds: 1n,
};
const NS_PER_MS = 1_000_000n;
const MAX_INT64 = 2n ** 63n - 1n;

/** Reads and writes each type; between them is an instant, ms since 1970 UTC. */
export class TimestampFormats {
  readonly #pattern: string;
  readonly #format: readonly PatternPiece[] | null;
  readonly #unit: bigint;

  constructor(pattern: string, format: readonly PatternPiece[] | null, precision: string) {
    this.#pattern = pattern;
    this.#format = format;
    this.#unit = UNITS[precision] as bigint;
  }

  read(type: TimestampType, value: unknown): bigint {
    if (type === 'string') return this.#readText(value);
    if (typeof value === 'bigint') return type === 'unix' ? saturated((value * this.#unit) / NS_PER_MS) : value;
    const found = `found class ${javaClassOf(value)}`;
    throw new DataException(
      type === 'unix'
        ? `Expected Unix timestamp to be a Long, but ${found}`
        : `Expected ${type} to be a java.util.Date, but ${found}`,
    );
  }

  write(type: TimestampType, ms: bigint): string | bigint {
    const inDay = ((ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
    switch (type) {
      case 'string':
        return writeDate(this.#format ?? [], ms);
      case 'unix':
        return saturated((ms * NS_PER_MS) / this.#unit);
      case 'Date':
        return ms - inDay;
      case 'Time':
        return inDay;
      case 'Timestamp':
        return ms;
    }
  }

  #readText(value: unknown): bigint {
    if (typeof value !== 'string')
      throw new DataException(`Expected string timestamp to be a String, but found class ${javaClassOf(value)}`);
    const unreadable = this.#format && unreadableLetter(this.#format);
    if (this.#format === null || unreadable)
      throw new DataException(
        unreadable
          ? `Texts can't be read by the letter ${unreadable} of format ${this.#pattern}`
          : 'TimestampConverter needs the option format to read texts',
        { key: 'format' },
      );
    const instant = readDate(this.#format, value);
    if (instant !== undefined) return instant;
    throw new DataException(`Could not parse timestamp: value (${value}) does not match pattern (${this.#pattern})`);
  }
}

/** As Java's TimeUnit converts. */
function saturated(value: bigint): bigint {
  if (value > MAX_INT64) return MAX_INT64;
  return value < -MAX_INT64 - 1n ? -MAX_INT64 - 1n : value;
}
