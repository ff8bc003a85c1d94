import { calendarDay, MS_PER_DAY } from './hybrid-calendar.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * An instant as `java.util.Date.toString` prints it, in the machine's time zone: `Fri Nov 13 23:31:30 UTC 2026`.
 * `ms` since 1970 UTC; beyond JavaScript's range (year 275,760) its digits. Zones that have no abbreviation in English
 * are written GMT+9, and local times before 1900 go by the place's own mean time, which Java does not know.
 */
export function javaDate(ms: bigint): string {
  const date = new Date(Number(ms));
  if (Number.isNaN(date.getTime())) return ms.toString();
  const local = Number(ms) - date.getTimezoneOffset() * 60_000;
  const day = Math.floor(local / MS_PER_DAY);
  const { year, month, dayOfMonth } = calendarDay(day);
  const seconds = Math.floor((local - day * MS_PER_DAY) / 1000);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  const weekday = DAYS[(((day + 4) % 7) + 7) % 7];
  const shown = year > 0 ? year : 1 - year;
  return `${weekday} ${MONTHS[month]} ${twoDigits(dayOfMonth)} ${clock} ${zoneName(date)} ${shown}`;
}

let zones: readonly Intl.DateTimeFormat[] | undefined;

/** `CET`, `EST`, `UTC`: each English locale knows the abbreviations of its own parts of the world. */
function zoneName(date: Date): string {
  zones ??= ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'].map(
    (locale) => new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }),
  );
  const names = zones.map(
    (zone) => zone.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC',
  );
  return names.find((name) => !/^(GMT|UTC)./.test(name)) ?? (names[0] as string);
}

function twoDigits(value: number): string {
  return Math.floor(value).toString().padStart(2, '0');
}
