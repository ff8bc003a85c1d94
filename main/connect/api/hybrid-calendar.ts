/**
 * Java's calendar: Julian before 1582-10-15, Gregorian from then on. Days count from 1970-01-01. Java:
 * `java.util.GregorianCalendar`.
 */
export interface CalendarDay {
  /** 0 is 1 BC. */
  year: number;
  /** 0 is January. */
  month: number;
  dayOfMonth: number;
}

export const MS_PER_DAY = 86_400_000;

const CUTOVER_DAY = -141_427;

export function calendarDay(day: number): CalendarDay {
  return day < CUTOVER_DAY ? julianDay(day) : gregorianDay(day);
}

/** Lenient: month 12 is January of the next year, February 30 a day in March. */
export function dayNumber(year: number, month: number, dayOfMonth: number): number {
  const years = year + Math.floor(month / 12);
  const monthOfYear = ((month % 12) + 12) % 12;
  const gregorian = gregorianNumber(years, monthOfYear) + dayOfMonth - 1;
  return gregorian >= CUTOVER_DAY ? gregorian : julianNumber(years, monthOfYear) + dayOfMonth - 1;
}

function gregorianDay(day: number): CalendarDay {
  const date = new Date(day * MS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), dayOfMonth: date.getUTCDate() };
}

function gregorianNumber(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date.getTime() / MS_PER_DAY;
}

/** 0000-03-01 (Julian); counting from March puts a leap day at the end of its year. */
const JULIAN_EPOCH = -719_470;

function julianDay(day: number): CalendarDay {
  const sinceEpoch = day - JULIAN_EPOCH;
  const cycle = Math.floor(sinceEpoch / 1461);
  const inCycle = sinceEpoch - cycle * 1461;
  const yearInCycle = Math.min(3, Math.floor(inCycle / 365));
  const dayOfYear = inCycle - yearInCycle * 365;
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (fromMarch + 2) % 12;
  return {
    year: cycle * 4 + yearInCycle + (month < 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

function julianNumber(year: number, month: number): number {
  const fromMarch = (month + 10) % 12;
  const marchYear = month < 2 ? year - 1 : year;
  return JULIAN_EPOCH + marchYear * 365 + Math.floor(marchYear / 4) + Math.floor((153 * fromMarch + 2) / 5);
}
