import { expect, test } from 'vitest';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { cut, tweetLine } from '../../../main/cli/tweet-lines.ts';

const record = (value: string | null): ConsumerRecord => ({
  topic: 'tweets',
  partition: 2,
  offset: 9_007_199_254_740_993n,
  timestamp: 1_700_000_000_000n,
  timestampType: 'CreateTime',
  leaderEpoch: null,
  key: null,
  value: value === null ? null : Buffer.from(value),
  headers: [],
});

test('a tweet is shown by place, language, name and text', () => {
  const value = JSON.stringify({ id: 1, text: 'Grüße\naus Frankfurt', lang: 'de', user: { screen_name: 'mia' } });
  expect(tweetLine(record(value), 200)).toMatch(
    /^\d\d:\d\d:\d\d {2}2:9007199254740993 de {2}@mia {13}Grüße aus Frankfurt$/,
  );
});

test('what is no tweet is shown as it is, and nothing obeys its control characters', () => {
  expect(tweetLine(record('\x1b[2Jplain \u202ereversed'), 200)).toMatch(/ \[2Jplain reversed$/);
  expect(tweetLine(record('{"text":1}'), 200)).toMatch(/ \{"text":1\}$/);
  expect(tweetLine(record('null'), 200)).toMatch(/ null$/);
  expect(tweetLine(record(null), 200)).toMatch(/ $/);
});

test.each([
  ['short', 10, 'short'],
  ['exactly 10', 10, 'exactly 10'],
  ['a little longer', 10, 'a little …'],
  ['日本語の文章', 7, '日本語…'],
  ['日本語', 6, '日本語'],
  ['ab👩‍👩‍👧cd', 5, 'ab👩‍👩‍👧…'],
])('%s in %i columns', (text, width, shown) => {
  expect(cut(text, width)).toBe(shown);
});
