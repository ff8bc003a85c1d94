const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MS_PER_DAY = 86_400_000;
/** 1582-10-15, when Java's calendar turns Gregorian. */
const CUTOVER_DAY = -141_427;

/**
 * An instant as `java.util.Date.toString` prints it, in the machine's time zone: `Fri Nov 13 23:31:30 UTC 2026`.
 * `ms` since 1970 UTC. Before 1582-10-15 in the Julian calendar, as Java.
 */
export function javaDate(ms: bigint): string {
  const date = new Date(Number(ms));
  if (Number.isNaN(date.getTime())) return ms.toString();
  const local = Number(ms) - date.getTimezoneOffset() * 60_000;
  const day = Math.floor(local / MS_PER_DAY);
  const { year, month, dayOfMonth } = day < CUTOVER_DAY ? julian(day) : gregorian(day);
  const seconds = Math.floor((local - day * MS_PER_DAY) / 1000);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  const weekday = DAYS[(((day + 4) % 7) + 7) % 7];
  return `${weekday} ${MONTHS[month]} ${twoDigits(dayOfMonth)} ${clock} ${zoneName(date)} ${year}`;
}

interface Day {
  year: number;
  /** 0 is January */
  month: number;
  dayOfMonth: number;
}

function gregorian(day: number): Day {
  const date = new Date(day * MS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), dayOfMonth: date.getUTCDate() };
}

/** Counted from March 1 of year 0, so that a leap day ends a year. */
function julian(day: number): Day {
  const sinceMarch = day + 719_470;
  const cycle = Math.floor(sinceMarch / 1461);
  const inCycle = sinceMarch - cycle * 1461;
  const yearInCycle = Math.min(3, Math.floor(inCycle / 365));
  const dayOfYear = inCycle - yearInCycle * 365;
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = (monthFromMarch + 2) % 12;
  const year = cycle * 4 + yearInCycle + (month < 2 ? 1 : 0);
  return { year: year > 0 ? year : 1 - year, month, dayOfMonth };
}

const zones: Intl.DateTimeFormat[] = [];

/** `CET`, `EST`, `UTC`: each English locale knows the abbreviations of its own parts of the world. */
function zoneName(date: Date): string {
  if (zones.length === 0)
    for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'])
      zones.push(new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }));
  let first = 'UTC';
  for (const [i, zone] of zones.entries()) {
    const name = zone.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
    if (!/^(GMT|UTC)./.test(name)) return name;
    if (i === 0) first = name;
  }
  return first;
}

function twoDigits(value: number): string {
  return Math.floor(value).toString().padStart(2, '0');
}
