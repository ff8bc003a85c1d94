/** How numbers and times read everywhere in the window: grouped by commas, 24 hours, milliseconds in data. */
const COUNT = new Intl.NumberFormat('en-US');
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** Exact, also beyond 2^53. */
export function count(value: number | bigint): string {
  return COUNT.format(value);
}

/** `1 record`, `2 records` */
export function counted(value: number | bigint, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${BigInt(value) === 1n ? singular : plural}`;
}

/** A rate a second: `0`, `2.1`, `48,213`. */
export function rate(perSecond: number): string {
  return perSecond < 10 ? ONE_DECIMAL.format(perSecond) : COUNT.format(Math.round(perSecond));
}

/** A rate where there is little room: `2.1`, `317`, `48.2k`, `1.2M`. */
export function shortRate(perSecond: number): string {
  if (perSecond < 1_000) return rate(perSecond);
  if (perSecond < 999_950) return `${ONE_DECIMAL.format(perSecond / 1_000)}k`;
  return `${ONE_DECIMAL.format(perSecond / 1_000_000)}M`;
}

/** `187 B`, `1.4 KB`, `412 MB`, in steps of 1024. */
export function bytes(size: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = size;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? ONE_DECIMAL.format(value) : COUNT.format(Math.round(value))} ${units[unit]}`;
}

const TIME = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DATE = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });

/** The range of a Date, ±100 million days. */
const MAX_TIME = 8_640_000_000_000_000n;

/** `10:42:18.177`, local; a timestamp that no calendar holds as its digits, none as a dash. */
export function time(timestamp: bigint): string {
  if (timestamp === -1n) return '–';
  return inCalendar(timestamp) ? TIME.format(Number(timestamp)) : String(timestamp);
}

/** `2026-11-23`, local; nothing for what no calendar holds */
export function date(timestamp: bigint): string {
  return timestamp !== -1n && inCalendar(timestamp) ? DATE.format(Number(timestamp)) : '';
}

/** `2026-11-23 10:42:18.177`, local */
export function dateTime(timestamp: bigint): string {
  return `${date(timestamp)} ${time(timestamp)}`.trim();
}

/** `10:42:18`, local; ms since 1970 */
export function clock(ms: number): string {
  return CLOCK.format(ms);
}

/** Whole units, the largest that fits: `24 h`, `7 days`, `90 s`. */
export function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'days'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ];
  for (const [length, name] of units) {
    if (ms >= 2 * length || (ms >= length && name !== 'days' && ms % length === 0))
      return `${COUNT.format(Math.round(ms / length))} ${name}`;
  }
  return `${COUNT.format(Math.round(ms))} ms`;
}

function inCalendar(timestamp: bigint): boolean {
  return timestamp <= MAX_TIME && timestamp >= -MAX_TIME;
}
