import { ConfigException } from '../../../common/errors.ts';

interface Restriction {
  /** null: no bound on that side. */
  lower: string | null;
  lowerInclusive: boolean;
  upper: string | null;
  upperInclusive: boolean;
}

/**
 * Versions that a configuration asks for: `4.3.1` is exactly that one, `[4.0,5.0)` a range, `[1.0],[2.0,)` several.
 * Java: `PluginVersionUtils.connectorVersionRequirement` and Maven's `VersionRange`.
 */
export class VersionRange {
  readonly #restrictions: readonly Restriction[];

  private constructor(restrictions: readonly Restriction[]) {
    this.#restrictions = restrictions;
  }

  /** null for `latest`: any will do; nothing does for an empty text. Throws ConfigException for what is no range. */
  static parse(text: string): VersionRange | null {
    const trimmed = text.trim();
    if (trimmed.toLowerCase() === 'latest') return null;
    const spec = /[[(\])]/.test(trimmed) ? trimmed : `[${trimmed}]`;
    const restrictions: Restriction[] = [];
    let rest = spec;
    while (rest.startsWith('[') || rest.startsWith('(')) {
      const end = rest.search(/[\])]/);
      if (end < 0) throw new ConfigException(`Unbounded range: ${spec}`);
      const restriction = parseRestriction(rest.slice(0, end + 1));
      const before = restrictions.at(-1);
      if (before !== undefined && overlaps(before, restriction)) throw new ConfigException(`Ranges overlap: ${spec}`);
      restrictions.push(restriction);
      rest = rest
        .slice(end + 1)
        .trim()
        .replace(/^,/, '')
        .trim();
    }
    if (rest !== '') throw new ConfigException(`Only fully-qualified sets allowed in multiple set scenario: ${spec}`);
    return new VersionRange(restrictions);
  }

  contains(version: string): boolean {
    return this.#restrictions.some(({ lower, lowerInclusive, upper, upperInclusive }) => {
      const low = lower === null ? 1 : compareVersions(version, lower);
      const high = upper === null ? -1 : compareVersions(version, upper);
      return (low > 0 || (low === 0 && lowerInclusive)) && (high < 0 || (high === 0 && upperInclusive));
    });
  }

  /** `[4.3,4.3]` */
  toString(): string {
    return this.#restrictions
      .map(
        ({ lower, lowerInclusive, upper, upperInclusive }) =>
          `${lowerInclusive ? '[' : '('}${lower ?? ''},${upper ?? ''}${upperInclusive ? ']' : ')'}`,
      )
      .join(',');
  }
}

function parseRestriction(spec: string): Restriction {
  const [lowerInclusive, upperInclusive] = [spec.startsWith('['), spec.endsWith(']')];
  const inner = spec.slice(1, -1).trim();
  const comma = inner.indexOf(',');
  if (comma < 0) {
    if (!lowerInclusive || !upperInclusive)
      throw new ConfigException(`Single version must be surrounded by []: ${spec}`);
    return { lower: inner, lowerInclusive, upper: inner, upperInclusive };
  }
  const [lower, upper] = [inner.slice(0, comma).trim() || null, inner.slice(comma + 1).trim() || null];
  if (lower !== null && upper !== null) {
    const order = compareVersions(lower, upper);
    if (order > 0) throw new ConfigException(`Range defies version ordering: ${spec}`);
    if (order === 0 && !(lowerInclusive && upperInclusive))
      throw new ConfigException(`Range cannot have identical boundaries: ${spec}`);
  }
  return { lower, lowerInclusive, upper, upperInclusive };
}

function overlaps(before: Restriction, next: Restriction): boolean {
  return before.upper === null || next.lower === null || compareVersions(next.lower, before.upper) < 0;
}

/** Numbers by value, words by name and before any number or end: `4.3.0-rc1` < `4.3.0` = `4.3` < `4.3.1`. */
export function compareVersions(a: string, b: string): number {
  const [as, bs] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const [x, y] = [as[i] ?? 0n, bs[i] ?? 0n];
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'string' ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}

function partsOf(version: string): (bigint | string)[] {
  const parts = version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  return parts.map((part) => (/^\d/.test(part) ? BigInt(part) : part));
}
