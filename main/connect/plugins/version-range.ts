import { ConfigException } from '../../../common/errors.ts';
import { compareVersions } from './artifact-version.ts';

interface Interval {
  /** null: no bound. */
  lower: string | null;
  lowerInclusive: boolean;
  upper: string | null;
  upperInclusive: boolean;
}

/**
 * The versions of a plugin that a configuration accepts: `[1.0,2.0)`, `[1.5,)`, `[1.1],[1.3]`, or one version. Java:
 * `org.apache.maven.artifact.versioning.VersionRange`.
 */
export class VersionRange {
  readonly #intervals: readonly Interval[];

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  /**
   * null for `latest`: any will do; nothing does for an empty text. Throws ConfigException in Maven's words. Java:
   * `PluginVersionUtils.connectorVersionRequirement`.
   */
  static parse(text: string): VersionRange | null {
    if (text === 'latest') return null;
    const intervals: Interval[] = [];
    let rest = text.trim();
    while (rest.startsWith('[') || rest.startsWith('(')) {
      const end = rest.search(/[)\]]/);
      if (end < 0) throw new ConfigException(`Unbounded range: ${text}`);
      const interval = parseInterval(rest.slice(0, end + 1), text);
      const upper = intervals.at(-1)?.upper;
      if (upper != null && (interval.lower === null || compareVersions(interval.lower, upper) < 0))
        throw new ConfigException(`Ranges overlap: ${text}`);
      intervals.push(interval);
      rest = rest.slice(end + 1).replace(/^\s*,?\s*/, '');
    }
    if (rest !== '' && intervals.length > 0)
      throw new ConfigException(`Only fully-qualified sets allowed in multiple set scenario: ${text}`);
    if (intervals.length === 0) intervals.push(parseInterval(`[${rest}]`, text));
    return new VersionRange(intervals);
  }

  contains(version: string): boolean {
    return this.#intervals.some(({ lower, lowerInclusive, upper, upperInclusive }) => {
      const above = lower === null ? 1 : compareVersions(version, lower);
      const below = upper === null ? -1 : compareVersions(version, upper);
      return (above > 0 || (above === 0 && lowerInclusive)) && (below < 0 || (below === 0 && upperInclusive));
    });
  }

  toString(): string {
    return this.#intervals
      .map(
        ({ lower, lowerInclusive, upper, upperInclusive }) =>
          `${lowerInclusive ? '[' : '('}${lower ?? ''},${upper ?? ''}${upperInclusive ? ']' : ')'}`,
      )
      .join(',');
  }
}

function parseInterval(text: string, whole: string): Interval {
  const [lowerInclusive, upperInclusive] = [text.startsWith('['), text.endsWith(']')];
  const inner = text.slice(1, -1).trim();
  const comma = inner.indexOf(',');
  if (comma < 0) {
    if (!lowerInclusive || !upperInclusive)
      throw new ConfigException(`Single version must be surrounded by []: ${whole}`);
    return { lower: inner, lowerInclusive, upper: inner, upperInclusive };
  }
  const [lower, upper] = [inner.slice(0, comma).trim() || null, inner.slice(comma + 1).trim() || null];
  const order = lower === null || upper === null ? -1 : compareVersions(lower, upper);
  if (order > 0 || (order === 0 && !(lowerInclusive && upperInclusive)))
    throw new ConfigException(`Range defies version ordering: ${whole}`);
  return { lower, lowerInclusive, upper, upperInclusive };
}
