import { expect, test } from 'vitest';
import type { Person, Post } from '../../../../main/connectors/twitter/post.ts';
import { postFilter, type StreamFilter } from '../../../../main/connectors/twitter/post-filter.ts';

const person: Person = {
  id: 968476484095610881n,
  name: 'Mia',
  screenName: 'mia_data',
  location: null,
  verified: false,
  friends: 1,
  followers: 2,
  statuses: 3,
};
const post: Post = {
  person,
  lang: 'de',
  text: 'Kafka-Meetup in Frankfurt, mit @lea_sql! #DataEngineering https://t.example/abc 東京駅です',
  retweet: false,
  mentions: [{ ...person, screenName: 'Lea_SQL', id: 7n }],
  links: [
    { url: 'https://t.example/abc', displayUrl: 'lea.example/skyline', expandedUrl: 'https://lea.example/skyline' },
  ],
  photos: [],
  coordinates: [8.68, 50.11],
};
const filter = (given: Partial<StreamFilter>): StreamFilter => ({
  track: [],
  follow: [],
  locations: [],
  languages: [],
  ...given,
});
const tracks = (...track: string[]) => postFilter(filter({ track }), false)(post);

test.each([
  ['a word in any case', 'FRANKFURT', true],
  ['a word between punctuation', 'meetup', true],
  ['a part of a word is not enough', 'frank', false],
  ['all words of a phrase, in any order', 'meetup kafka', true],
  ['a phrase of which one word is missing', 'kafka berlin', false],
  ['a hashtag by its word', 'dataengineering', true],
  ['a hashtag by its sign', '#dataengineering', true],
  ['a word that is there but no hashtag', '#kafka', false],
  ['a mention by its sign', '@lea_sql', true],
  ['a mention by its word', 'lea_sql', true],
  ['somebody who is not mentioned', '@mia_data', false],
  ['a word of a link', 'skyline', true],
  ['a host of a link, whose dot separates words', 'lea.example', true],
  ['a word in a script without spaces, anywhere', '東京', true],
  ['another such word', '大阪', false],
  ['a term without any word', '!!!', false],
])('%s: track.terms=%s', (_, term, passes) => {
  expect(tracks(term)).toBe(passes);
});

test('one of several terms is enough, and without any nothing passes', () => {
  expect(tracks('berlin', 'frankfurt')).toBe(true);
  expect(tracks()).toBe(false);
});

test('accounts pass by their exact id, and by what of theirs is passed on', () => {
  const follows = (id: bigint, of: Post = post) => postFilter(filter({ follow: [id] }), false)(of);
  expect(follows(968476484095610881n)).toBe(true);
  expect(follows(968476484095610880n)).toBe(false);
  expect(follows(7n)).toBe(false);
  expect(follows(7n, { ...post, retweet: true })).toBe(true);
});

test('a post in a box passes, one without a place never does', () => {
  const inside = postFilter(
    filter({
      locations: [
        [0, 0, 1, 1],
        [8, 50, 9, 51],
      ],
    }),
    false,
  );
  expect(inside(post)).toBe(true);
  expect(inside({ ...post, coordinates: [8.68, 49] })).toBe(false);
  expect(inside({ ...post, coordinates: null })).toBe(false);
});

test('the language counts with either stream type, the terms only with filter', () => {
  expect(postFilter(filter({ track: ['frankfurt'], languages: ['en'] }), false)(post)).toBe(false);
  expect(postFilter(filter({ track: ['berlin'], languages: ['de', 'en'] }), true)(post)).toBe(true);
  expect(postFilter(filter({ languages: ['PT'] }), true)({ ...post, lang: 'pt-br' })).toBe(true);
});
