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

/** 0000-03-01 in each calendar: counting from March puts a leap day at the end of its year. */
const GREGORIAN_EPOCH = -719_468;
const JULIAN_EPOCH = -719_470;

/** Any day of an int64 in ms; JavaScript's own Date ends in the year 275,760. */
function gregorianDay(day: number): CalendarDay {
  const sinceEpoch = day - GREGORIAN_EPOCH;
  const era = Math.floor(sinceEpoch / 146_097);
  const inEra = sinceEpoch - era * 146_097;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const dayOfYear = inEra - (yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return fromMarchYear(era * 400 + yearOfEra, dayOfYear);
}

function gregorianNumber(year: number, month: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return GREGORIAN_EPOCH + marchYear * 365 + leapDays + daysFromMarch(month);
}

function julianDay(day: number): CalendarDay {
  const sinceEpoch = day - JULIAN_EPOCH;
  const cycle = Math.floor(sinceEpoch / 1461);
  const inCycle = sinceEpoch - cycle * 1461;
  const yearInCycle = Math.min(3, Math.floor(inCycle / 365));
  return fromMarchYear(cycle * 4 + yearInCycle, inCycle - yearInCycle * 365);
}

function julianNumber(year: number, month: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  return JULIAN_EPOCH + marchYear * 365 + Math.floor(marchYear / 4) + daysFromMarch(month);
}

/** Of a year that begins on March 1; the months have 31, 30, 31, 30, 31, 31, 30, … days then. */
function fromMarchYear(year: number, dayOfYear: number): CalendarDay {
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (fromMarch + 2) % 12;
  const dayOfMonth = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: month < 2 ? year + 1 : year, month, dayOfMonth };
}

function daysFromMarch(month: number): number {
  return Math.floor((153 * ((month + 10) % 12) + 2) / 5);
}
