import { calendarDay, dayNumber, MS_PER_DAY } from './hybrid-calendar.ts';
import { DATE_SCHEMA, TIME_SCHEMA, TIMESTAMP_SCHEMA } from './logical-types.ts';
import type { SchemaAndValue } from './plugins.ts';

/**
 * Dates, times and timestamps as Connect writes them in text: `2026-11-13`, `23:31:30.000Z`,
 * `2026-11-13T23:31:30.000Z`. In UTC always; Java's `Values` takes the JVM's time zone for them, though it writes Z.
 */
const NUMBER = '[ \\t]*(-?\\d{1,9})';
const DAY = `${NUMBER}-${NUMBER}-${NUMBER}`;
const CLOCK = `${NUMBER}:${NUMBER}:${NUMBER}\\.${NUMBER}Z`;
const DATE_TEXT = new RegExp(`^${DAY}`);
const TIME_TEXT = new RegExp(`^${CLOCK}`);
const TIMESTAMP_TEXT = new RegExp(`^${DAY}T${CLOCK}`);

/**
 * Recognised by its length, then read as leniently as Java's SimpleDateFormat: month 13 is January of the next year,
 * and what follows is not looked at. Undefined for any other text.
 */
export function parseIsoDate(text: string): SchemaAndValue | undefined {
  switch (text.length) {
    case 10: {
      const match = DATE_TEXT.exec(text);
      return match === null ? undefined : { schema: DATE_SCHEMA, value: BigInt(dayOf(match) * MS_PER_DAY) };
    }
    case 13: {
      const match = TIME_TEXT.exec(text);
      return match === null ? undefined : { schema: TIME_SCHEMA, value: BigInt(clockOf(match, 1)) };
    }
    case 24: {
      const match = TIMESTAMP_TEXT.exec(text);
      if (match === null) return undefined;
      return { schema: TIMESTAMP_SCHEMA, value: BigInt(dayOf(match) * MS_PER_DAY + clockOf(match, 4)) };
    }
  }
  return undefined;
}

/**
 * The form is chosen by the instant alone, as in Java: the time before 1970-01-02, the date at midnight, else both.
 */
export function isoDateText(ms: bigint): string {
  if (ms < BigInt(MS_PER_DAY)) return clockText(ms);
  return ms % BigInt(MS_PER_DAY) === 0n ? dayText(ms) : isoTimestamp(ms);
}

export function isoTimestamp(ms: bigint): string {
  return `${dayText(ms)}T${clockText(ms)}`;
}

function dayOf(match: RegExpExecArray): number {
  return dayNumber(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
}

function clockOf(match: RegExpExecArray, from: number): number {
  const [hours, minutes, seconds, ms] = match.slice(from, from + 4).map(Number) as [number, number, number, number];
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
}

function dayText(ms: bigint): string {
  const { year, month, dayOfMonth } = calendarDay(Math.floor(Number(ms) / MS_PER_DAY));
  return `${digits(year > 0 ? year : 1 - year, 4)}-${digits(month + 1, 2)}-${digits(dayOfMonth, 2)}`;
}

function clockText(ms: bigint): string {
  const day = BigInt(MS_PER_DAY);
  const inDay = Number(((ms % day) + day) % day);
  const seconds = Math.floor(inDay / 1000);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((it) => digits(Math.floor(it), 2)).join(':');
  return `${clock}.${digits(inDay % 1000, 3)}Z`;
}

function digits(value: number, width: number): string {
  return value.toString().padStart(width, '0');
}
