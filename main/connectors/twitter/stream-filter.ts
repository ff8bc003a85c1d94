import type { StreamFilter } from './post-filter.ts';
import type { TwitterSourceConfig } from './twitter-source.ts';

export interface FilterProblem {
  key: string;
  message: string;
}

/** The configuration's filter; call it after `filterProblems` found none. */
export function streamFilter(config: TwitterSourceConfig): StreamFilter {
  const numbers = config['track.locations'].map(Number);
  return {
    track: config['track.terms'],
    follow: config['track.follow'].map((id) => BigInt(id.trim())),
    locations: Array.from(
      { length: numbers.length / 4 },
      (_, i) => numbers.slice(4 * i, 4 * i + 4) as [number, number, number, number],
    ),
    languages: config.language,
  };
}

/** What Eneco's connector refuses at its start. */
export function filterProblems(config: TwitterSourceConfig): FilterProblem[] {
  if (config['stream.type'] !== 'filter') return [];
  const terms = config['track.terms'];
  const follow = config['track.follow'];
  const locations = config['track.locations'];
  const problems: FilterProblem[] = [];
  if (terms.length + follow.length + locations.length === 0)
    problems.push({
      key: 'track.terms',
      message:
        'At least one of the parameters track.terms, track.locations, track.follow should be specified when stream.type is filter (sample needs none)',
    });
  if (follow.some((id) => !/^\s*\d{1,19}\s*$/.test(id)))
    problems.push({ key: 'track.follow', message: 'You should use numeric user IDs in track.follow' });
  if (locations.length % 4 !== 0)
    problems.push({
      key: 'track.locations',
      message: 'track.locations should have number of elements divisible by 4: west, south, east, north of each box',
    });
  if (locations.some((number) => number.trim() === '' || !Number.isFinite(Number(number))))
    problems.push({ key: 'track.locations', message: 'You should use double numbers in track.locations' });
  return problems;
}
