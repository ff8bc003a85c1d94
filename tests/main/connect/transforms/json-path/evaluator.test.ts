import { describe, expect, test } from 'vitest';
import { Schema } from '../../../../../main/connect/api/schema.ts';
import { SchemaBuilder } from '../../../../../main/connect/api/schema-builder.ts';
import { Struct } from '../../../../../main/connect/api/struct.ts';
import { evaluate } from '../../../../../main/connect/transforms/json-path/evaluator.ts';
import { parseJsonPath } from '../../../../../main/connect/transforms/json-path/parser.ts';
import { JsonPathSyntaxError } from '../../../../../main/connect/transforms/json-path/syntax.ts';
import { jsonPathCases } from '../../../../kit/connect-oracle/json-path-cases.ts';
import { checkPath, questionOf, recordedPaths } from '../../../../kit/connect-oracle/json-path-oracle.ts';

function find(path: string, value: unknown): unknown[] | null {
  return evaluate(parseJsonPath(path), value, value);
}

describe('JSONPath', () => {
  test('finds what json-path (Jayway) found when json-path.json was recorded, but for the listed differences', () => {
    const recorded = recordedPaths();
    const wrong = jsonPathCases.flatMap((it) => {
      const problem = checkPath(it, recorded.get(JSON.stringify(questionOf(it))));
      return problem === undefined ? [] : [`${it.path}\n${problem}`];
    });
    expect(wrong).toEqual([]);
    expect(jsonPathCases.length).toBeGreaterThan(150);
  });

  test('int64 compares exactly, beyond 2^53 too', () => {
    const value = new Map([['id', 968476484095610881n]]);
    expect(find('$[?(@.id == 968476484095610881)]', value)).toHaveLength(1);
    expect(find('$[?(@.id == 968476484095610880)]', value)).toHaveLength(0);
    expect(find('$[?(@.id > 968476484095610880)]', value)).toHaveLength(1);
    expect(find('$[?(@.id < 9.7e17)]', value)).toHaveLength(1);
    expect(find("$[?(@.id == '968476484095610881')]", value)).toHaveLength(1);
  });

  test('a Struct is looked into like a Map', () => {
    const user = SchemaBuilder.struct().field('name', Schema.STRING_SCHEMA).build();
    const schema = SchemaBuilder.struct()
      .field('user', user)
      .field('ratio', Schema.FLOAT32_SCHEMA)
      .field('note', Schema.OPTIONAL_STRING_SCHEMA)
      .build();
    const struct = new Struct(schema).put('user', new Struct(user).put('name', 'Jane')).put('ratio', Math.fround(0.1));
    expect(find("$[?(@.user.name == 'Jane')]", struct)).toEqual([struct]);
    expect(find('$[?(@.ratio == 0.1)]', struct)).toHaveLength(1);
    expect(find('$.note', struct)).toEqual([null]);
    expect(find('$.nope', struct)).toBeNull();
    expect(find('$..name', struct)).toEqual(['Jane']);
  });

  test('the brackets of a filter may be left out, as RFC 9535 writes it', () => {
    expect(find("$[?@.lang == 'de']", new Map([['lang', 'de']]))).toHaveLength(1);
  });

  test('members of every object are not found by accident', () => {
    expect(find('$[?(@.constructor)]', new Map())).toHaveLength(0);
    expect(find('$.__proto__', new Map())).toBeNull();
  });

  test.each([
    '$.tags.length()',
    '$[?(@.a foo 1)]',
    '$[?(@.a =~ /(/)]',
    '$[?(@.a =~ /a/q)]',
    `$${'[?(@.a'.repeat(500)}`,
  ])('%s is refused with a position', (path) => {
    expect(() => parseJsonPath(path)).toThrow(JsonPathSyntaxError);
    expect(() => parseJsonPath(path)).toThrow(/at position \d+ of/);
  });
});
