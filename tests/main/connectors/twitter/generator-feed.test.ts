import { expect, test } from 'vitest';
import { generatorFeed } from '../../../../main/connectors/twitter/generator-feed.ts';
import { postFilter, type StreamFilter } from '../../../../main/connectors/twitter/post-filter.ts';

const filter = (given: Partial<StreamFilter>): StreamFilter => ({
  track: [],
  follow: [],
  locations: [],
  languages: [],
  ...given,
});
const take = (feed: ReturnType<typeof generatorFeed>, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => feed.post(from + i));

test('the same seed gives the same posts, also when it begins in the middle; another seed gives others', () => {
  const all = take(generatorFeed(filter({}), true, 7), 50);
  expect(take(generatorFeed(filter({}), true, 7), 20, 30)).toEqual(all.slice(30));
  expect(take(generatorFeed(filter({}), true, 8), 50)).not.toEqual(all);
});

test.each<[string, Partial<StreamFilter>]>([
  ['a word', { track: ['blockchain'] }],
  ['a phrase', { track: ['green sauce recipe'] }],
  ['a hashtag', { track: ['#nachtzug'] }],
  ['a mention', { track: ['@somebody'] }],
  ['a word in Japanese', { track: ['東京'] }],
  ['an account', { follow: [968476484095610881n] }],
  ['a box', { locations: [[-10, -10, -9, -9]] }],
  ['a word in one language', { track: ['blockchain'], languages: ['it'] }],
  ['all of them', { track: ['blockchain', '!!!'], follow: [1n], locations: [[0, 0, 1, 1]] }],
])('every post meets the filter: %s', (_, given) => {
  const feed = generatorFeed(filter(given), false, 1);
  const passes = postFilter(filter(given), false);
  for (const post of take(feed, 300)) expect(post !== null && passes(post)).toBe(true);
  expect(feed.warning).toBeNull();
});

test('what can not be written is said and brings nothing', () => {
  const swedish = generatorFeed(filter({ languages: ['sv'] }), true, 1);
  expect(swedish.warning).toContain('not sv');
  expect(swedish.post(0)).toBeNull();
  const signs = generatorFeed(filter({ track: ['!!!'] }), false, 1);
  expect(signs.warning).toContain('track.terms=!!!');
  expect(signs.post(0)).toBeNull();
});

test('posts differ: of ten thousand texts nearly all are unlike', () => {
  const texts = take(generatorFeed(filter({}), true, 3), 10_000).map((post) => post?.text);
  expect(new Set(texts).size).toBeGreaterThan(8_000);
});
