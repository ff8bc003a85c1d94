import type { ConsumeFilter } from '../../../common/kafka/consume.ts';

/** What a person typed: plain text, or a regular expression when it is `/…/flags`. */
export interface FilterText {
  text: string;
  matchCase: boolean;
}

export type ParsedFilter = { filter: ConsumeFilter; error?: undefined } | { filter?: undefined; error: string };

/** JavaScript's flags, all of them: else a path like /usr/bin/java would be one. */
const SLASHED = /^\/(.*)\/([dgimsuvy]*)$/su;

/** Reads the filter's field. Invalid expressions come back as a sentence, so the field can say it at once. */
export function parseFilter({ text, matchCase }: FilterText): ParsedFilter {
  if (text === '') return { filter: { type: 'none' } };
  const slashed = SLASHED.exec(text);
  if (!slashed) return { filter: { type: 'text', text, matchCase } };
  const [, source = '', flags = ''] = slashed;
  if (source === '') return { error: 'An expression stands between the slashes: /frankfurt/i' };
  const strange = /[^imsu]/u.exec(flags);
  if (strange) return { error: `The flag ${strange[0]} is not known here; i, m, s and u are` };
  try {
    new RegExp(source, flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { error: error.message.replace(/^Invalid regular expression: /, 'Not an expression: ') };
  }
  return { filter: { type: 'regex', source, flags } };
}

export type MatchRange = readonly [start: number, end: number];

/**
 * Where a filter matches in a text, as UTF-16 ranges in order; at most `limit`. Empty matches mark nothing.
 * Returns a function, so that an expression is compiled once for a list.
 */
export function matcher(filter: ConsumeFilter): (text: string, limit?: number) => MatchRange[] {
  const pattern = patternOf(filter);
  if (!pattern) return () => [];
  return (text, limit = 100) => {
    const ranges: MatchRange[] = [];
    for (const match of text.matchAll(pattern)) {
      if (match[0] !== '') ranges.push([match.index, match.index + match[0].length]);
      if (ranges.length >= limit) break;
    }
    return ranges;
  };
}

function patternOf(filter: ConsumeFilter): RegExp | undefined {
  switch (filter.type) {
    case 'none':
      return undefined;
    case 'text':
      return new RegExp(filter.text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), filter.matchCase ? 'g' : 'gi');
    case 'regex':
      return new RegExp(filter.source, `g${filter.flags ?? ''}`);
  }
}
