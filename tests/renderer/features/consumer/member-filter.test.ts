import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../../common/kafka/json-tree.ts';
import { matcher, parseFilter } from '../../../../renderer/features/consumer/filter.ts';
import { memberFilter } from '../../../../renderer/features/consumer/member-filter.ts';

describe('memberFilter', () => {
  test('finds the member whatever space its JSON has, and no other', () => {
    const { filter, label } = memberFilter(['user', 'lang'], parseJson('"en"'))!;
    expect(label).toBe('lang = "en"');
    const find = matcher(parseFilter({ text: filter, matchCase: true }).filter!);
    expect(find('{"lang":"en"}')).toHaveLength(1);
    expect(find('{"lang" :\n "en"}')).toHaveLength(1);
    expect(find('{"lang":"end"}')).toHaveLength(0);
  });

  test('an element of a list is looked for by itself, an object not at all', () => {
    expect(memberFilter(['tags', 0], parseJson('"kafka"'))).toEqual({ filter: '/"kafka"/', label: '"kafka"' });
    expect(memberFilter(['user'], parseJson('{"a":1}'))).toBeUndefined();
  });

  test('is always an expression that finds its own source', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), (name, value) => {
        const source = JSON.stringify({ [name]: value });
        const { filter } = memberFilter([name], parseJson(JSON.stringify(value)))!;
        const parsed = parseFilter({ text: filter, matchCase: true });
        expect(parsed.error).toBeUndefined();
        expect(matcher(parsed.filter!)(source).length).toBeGreaterThan(0);
      }),
    );
  });
});
