/** Inclusive; `max` is Infinity for an open range. An empty range has min > max. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

const EMPTY: VersionRange = { min: 1, max: 0 };

/** `3+`, `3-7`, `4` or `none`, as Kafka's message definitions write it. */
export function versionRange(text: string): VersionRange {
  if (text === 'none') return EMPTY;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (!match) throw new TypeError(`'${text}' is not a range of versions`);
  const min = Number(match[1]);
  return { min, max: match[2] ? Number.POSITIVE_INFINITY : match[3] === undefined ? min : Number(match[3]) };
}

export function includes(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}
