import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../common/kafka/json-tree.ts';
import { FIRST_CHILDREN, type Folding, jsonLines, namesOf, UNFOLDED } from '../../../renderer/components/json-lines.ts';

const shown = (json: string, folding: Folding = UNFOLDED) =>
  jsonLines(parseJson(json), folding).map((line) =>
    line.type === 'more'
      ? `${' '.repeat(line.depth)}${line.hidden} more`
      : `${' '.repeat(line.depth)}${line.name ?? ''}`,
  );

describe('jsonLines', () => {
  test('shows members in their order, opened', () => {
    expect(shown('{"id":1,"user":{"name":"mia","tags":["a","b"]},"x":[]}')).toEqual([
      'id',
      'user',
      ' name',
      ' tags',
      '  0',
      '  1',
      'x',
    ]);
  });

  test('a single value is one line', () => {
    expect(shown('9223372036854775807')).toEqual(['']);
    expect(shown('{}')).toEqual(['']);
  });

  test('folds what is closed by hand, and below a few levels what is large or deep', () => {
    expect(shown('{"a":{"b":1}}', { open: new Map([['0', false]]), shown: new Map() })).toEqual(['a']);
    expect(shown('{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}')).toEqual(['a', ' b', '  c', '   d', '    e']);
    const large = JSON.stringify({ a: { b: Array(50).fill(0) } });
    expect(shown(large)).toEqual(['a', ' b']);
  });

  test('shows a hundred children and says how many more there are', () => {
    const lines = shown(JSON.stringify(Array(250).fill(7)));
    expect(lines).toHaveLength(FIRST_CHILDREN + 1);
    expect(lines.at(-1)).toBe('150 more');
    expect(shown(JSON.stringify(Array(250).fill(7)), { open: new Map(), shown: new Map([['', 1100]]) })).toHaveLength(
      250,
    );
  });

  test('tells repeated names apart by their place', () => {
    const lines = jsonLines(parseJson('{"a":1,"a":2}'), UNFOLDED);
    expect(lines.map((line) => line.path)).toEqual(['0', '1']);
    expect(namesOf(parseJson('{"x":0,"u":{"n":[5,6]}}'), '1.0.1')).toEqual(['u', 'n', 1]);
  });
});
