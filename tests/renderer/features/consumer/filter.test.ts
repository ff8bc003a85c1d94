import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matcher, parseFilter } from '../../../../renderer/features/consumer/filter.ts';

const parse = (text: string, matchCase = false) => parseFilter({ text, matchCase });

describe('parseFilter', () => {
  test('takes words as they are and slashes as an expression', () => {
    expect(parse('')).toEqual({ filter: { type: 'none' } });
    expect(parse('a/b', true)).toEqual({ filter: { type: 'text', text: 'a/b', matchCase: true } });
    expect(parse('/frank(furt|reich)/i')).toEqual({
      filter: { type: 'regex', source: 'frank(furt|reich)', flags: 'i' },
    });
    expect(parse('/usr/bin/java')).toMatchObject({ filter: { type: 'text' } });
  });

  test('says in a sentence what is wrong with an expression', () => {
    expect(parse('/(/')).toEqual({ error: 'Not an expression: /(/: Unterminated group' });
    expect(parse('//')).toMatchObject({ error: expect.stringContaining('between the slashes') });
    expect(parse('/a/g')).toEqual({ error: 'The flag g is not known here; i, m, s and u are' });
  });

  test('takes a path for what it is', () => {
    expect(parse('/tmp/x')).toMatchObject({ filter: { type: 'text', text: '/tmp/x' } });
  });
});

describe('matcher', () => {
  test('finds every place, without regard to case unless asked', () => {
    const find = matcher({ type: 'text', text: 'frankfurt' });
    expect(find('Frankfurt am Main, frankfurt/oder')).toEqual([
      [0, 9],
      [19, 28],
    ]);
    expect(matcher({ type: 'text', text: 'frankfurt', matchCase: true })('Frankfurt')).toEqual([]);
  });

  test('takes the signs of expressions in plain text for themselves', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (text, before, after) => {
        const ranges = matcher({ type: 'text', text, matchCase: true })(before + text + after);
        const first = (before + text + after).indexOf(text);
        expect(ranges[0]).toEqual([first, first + text.length]);
      }),
    );
  });

  test('marks no empty match and stops at the limit', () => {
    expect(matcher({ type: 'regex', source: 'x*', flags: '' })('aaxxa')).toEqual([[2, 4]]);
    expect(matcher({ type: 'text', text: 'a' })('aaaa', 2)).toHaveLength(2);
  });
});
