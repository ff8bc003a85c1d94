import { describe, expect, test } from 'vitest';
import { type Findable, search } from '../../../renderer/shell/palette-search.ts';

const items: Findable[] = [
  { group: 'Topics', name: 'shop.tweets' },
  { group: 'Topics', name: 'tweets' },
  { group: 'Connectors', name: 'tweets-demo' },
  { group: 'Commands', name: 'Consume tweets from the beginning' },
  { group: 'Commands', name: 'Dark theme' },
];
const names = (query: string) => [...search(items, query).values()].flat().map(({ item }) => item.name);

describe('search', () => {
  test('finds every word anywhere, names that begin with it first', () => {
    expect(names('twe')).toEqual(['tweets', 'shop.tweets', 'tweets-demo', 'Consume tweets from the beginning']);
    expect(names('BEGIN tweets')).toEqual(['Consume tweets from the beginning']);
    expect(names('xyz')).toEqual([]);
  });

  test('a sign asks for one group', () => {
    expect(names('#')).toEqual(['shop.tweets', 'tweets']);
    expect(names('@demo')).toEqual(['tweets-demo']);
    expect(names('> theme')).toEqual(['Dark theme']);
  });

  test('tells where the words stand, overlapping ones as one', () => {
    const [found] = search([{ group: 'Topics', name: 'tweets' }], 'twe wee').get('Topics')!;
    expect(found?.ranges).toEqual([[0, 4]]);
  });

  test('shows all commands but few topics while nothing is typed', () => {
    const many = Array.from({ length: 30 }, (_, n): Findable[] => [
      { group: 'Topics', name: `t${n}` },
      { group: 'Commands', name: `c${n}` },
    ]).flat();
    const found = search(many, '');
    expect(found.get('Topics')).toHaveLength(5);
    expect(found.get('Commands')).toHaveLength(30);
  });
});
