import { type CalendarDay, calendarDay, dayNumber, MS_PER_DAY } from '../../api/hybrid-calendar.ts';
import { MONTHS, short, WEEKDAYS } from './names.ts';
import type { PatternPiece } from './pattern.ts';

/** An instant, ms since 1970 UTC, as SimpleDateFormat writes it in UTC and English. */
export function writeDate(pieces: readonly PatternPiece[], ms: bigint): string {
  const day = Number(floorDivide(ms, BigInt(MS_PER_DAY)));
  const fields: Fields = { ...calendarDay(day), day, ms: Number(ms - BigInt(day) * BigInt(MS_PER_DAY)) };
  return pieces
    .map((piece) => ('literal' in piece ? piece.literal : write(piece.letter, piece.count, fields)))
    .join('');
}

interface Fields extends CalendarDay {
  /** Days since 1970-01-01. */
  day: number;
  /** Of the day. */
  ms: number;
}

function write(letter: string, count: number, fields: Fields): string {
  const hour = Math.floor(fields.ms / 3_600_000);
  switch (letter) {
    case 'G':
      return fields.year > 0 ? 'AD' : 'BC';
    case 'y':
      return year(fields.year > 0 ? fields.year : 1 - fields.year, count);
    case 'Y':
      return year(weekOfYear(fields).year, count);
    case 'M':
    case 'L':
      return name(MONTHS, fields.month, count) ?? digits(fields.month + 1, count);
    case 'w':
      return digits(weekOfYear(fields).week, count);
    case 'W':
      return digits(Math.floor((fields.dayOfMonth - 1 + weekday(fields.day - fields.dayOfMonth + 1)) / 7) + 1, count);
    case 'D':
      return digits(fields.day - dayNumber(fields.year, 0, 1) + 1, count);
    case 'd':
      return digits(fields.dayOfMonth, count);
    case 'F':
      return digits(Math.floor((fields.dayOfMonth - 1) / 7) + 1, count);
    case 'E':
      return name(WEEKDAYS, weekday(fields.day), Math.max(count, 3)) as string;
    case 'u':
      return digits(weekday(fields.day) || 7, count);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'H':
      return digits(hour, count);
    case 'k':
      return digits(hour || 24, count);
    case 'K':
      return digits(hour % 12, count);
    case 'h':
      return digits(hour % 12 || 12, count);
    case 'm':
      return digits(Math.floor(fields.ms / 60_000) % 60, count);
    case 's':
      return digits(Math.floor(fields.ms / 1000) % 60, count);
    case 'S':
      return digits(fields.ms % 1000, count);
    case 'z':
      return count >= 4 ? 'Coordinated Universal Time' : 'UTC';
    case 'Z':
      return '+0000';
    default:
      return 'Z';
  }
}

/** Weeks begin on Sunday and the first one has January 1, as in the United States. */
function weekOfYear({ year: ofDay, day }: Fields): { year: number; week: number } {
  const saturday = day + 6 - weekday(day);
  const ofWeek = saturday >= dayNumber(ofDay + 1, 0, 1) ? ofDay + 1 : ofDay;
  const first = dayNumber(ofWeek, 0, 1);
  return { year: ofWeek, week: Math.floor((day - (first - weekday(first))) / 7) + 1 };
}

function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function year(value: number, count: number): string {
  return count === 2 ? digits(value % 100, 2) : digits(value, count);
}

function name(names: readonly string[], index: number, count: number): string | undefined {
  if (count < 3) return undefined;
  return count === 3 ? short(names[index] as string) : names[index];
}

function digits(value: number, count: number): string {
  return value.toString().padStart(count, '0');
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
