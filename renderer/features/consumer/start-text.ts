/** Reads what a person types for an offset; a sentence when it is none. */
export function parseOffset(text: string): bigint | string {
  const digits = text.replace(/[,_\s]/g, '');
  if (!/^\d{1,19}$/.test(digits)) return 'An offset is a whole number, 0 or more';
  const offset = BigInt(digits);
  return offset < 2n ** 63n ? offset : 'An offset is at most 9,223,372,036,854,775,807';
}

const LOCAL = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * Reads a time: `2026-11-23 10:42`, with seconds and milliseconds, in local time; ISO 8601 with a zone; or ms since
 * 1970 as Kafka has them. A sentence when it is none of these.
 */
export function parseTime(text: string): bigint | string {
  const trimmed = text.trim();
  if (/^\d{10,15}$/.test(trimmed)) return BigInt(trimmed);
  if (ZONED.test(trimmed)) {
    const ms = Date.parse(trimmed);
    if (!Number.isNaN(ms)) return BigInt(ms);
  }
  const local = LOCAL.exec(trimmed);
  if (!local) return 'A time looks like 2026-11-23 10:42:18, or is in ms since 1970';
  const [year, month, day, hour = 0, minute = 0, second = 0] = local.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Number((local[7] ?? '0').padEnd(3, '0'));
  const date = new Date(year!, month! - 1, day!, hour, minute, second, ms);
  const same = date.getMonth() === month! - 1 && date.getDate() === day && hour < 24 && minute < 60 && second < 60;
  return same ? BigInt(date.getTime()) : 'There is no such day or time';
}

/** A time as `parseTime` reads it, local, without what is zero at its end. */
export function timeText(timestamp: bigint): string {
  const date = new Date(Number(timestamp));
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const ms = date.getMilliseconds();
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`;
}
