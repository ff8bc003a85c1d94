/** Where to go on without an offset: an end of the partition, nowhere, or as far back as `agoMs` (KIP-1106). */
export type AutoOffsetReset = 'earliest' | 'latest' | 'none' | { agoMs: number };

/** `auto.offset.reset`; null for what it can't be. Java: `AutoOffsetResetStrategy`. */
export function autoOffsetReset(text: string): AutoOffsetReset | null {
  if (text === 'earliest' || text === 'latest' || text === 'none') return text;
  const agoMs = text.startsWith('by_duration:') ? durationMs(text.slice('by_duration:'.length)) : null;
  return agoMs === null || agoMs < 0 ? null : { agoMs };
}

/** ISO 8601 as `java.time.Duration.parse` reads it: `PT1H30M`, `P2DT0.5S`. Null for what is none. */
function durationMs(text: string): number | null {
  const match =
    /^([-+])?P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i.exec(text);
  if (!match) return null;
  const [, sign, days, time, hours, minutes, seconds, fraction] = match;
  const parts = [days, hours, minutes, seconds];
  if (parts.every((part) => part === undefined) || time?.length === 1) return null;
  const [d, h, m, s] = parts.map((part) => Number(part ?? 0)) as [number, number, number, number];
  const part = Number(`0.${fraction || '0'}`) * (seconds?.startsWith('-') ? -1 : 1);
  const ms = Math.trunc((((d * 24 + h) * 60 + m) * 60 + s + part) * 1_000);
  return sign === '-' ? -ms : ms;
}

export function policyText(policy: AutoOffsetReset): string {
  return typeof policy === 'object' ? `by_duration:PT${policy.agoMs / 1_000}S` : policy;
}
