import type { JavaPattern } from '../../api/regex/java-pattern.ts';

/**
 * JSONPath as Confluent's Filter speaks it, which is the dialect of https://github.com/json-path/JsonPath (Jayway): a
 * filter on an object tests the object itself, where RFC 9535 tests its members.
 */
export interface JsonPath {
  /** `$…`, else `@…` */
  fromRoot: boolean;
  steps: readonly Step[];
  /** At most one value: names and single indices only. */
  definite: boolean;
}

export type Step =
  | { kind: 'names'; names: readonly string[] }
  | { kind: 'indices'; indices: readonly number[] }
  | { kind: 'slice'; from: number | null; to: number | null }
  | { kind: 'all' }
  | { kind: 'scan' }
  | { kind: 'filter'; filter: Filter };

export type Filter =
  | { kind: 'or'; filters: readonly Filter[] }
  | { kind: 'and'; filters: readonly Filter[] }
  | { kind: 'not'; filter: Filter }
  | { kind: 'exists'; path: JsonPath; wanted: boolean }
  | { kind: 'compare'; left: Operand; operator: Operator; right: Operand };

export type Operand =
  | { kind: 'path'; path: JsonPath }
  | { kind: 'pattern'; pattern: JavaPattern }
  /** string, bigint, number, boolean, null, array, Map */
  | { kind: 'literal'; value: unknown };

export const OPERATORS = [
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  'in',
  'nin',
  'contains',
  'all',
  'size',
  'empty',
  'subsetof',
  'anyof',
  'noneof',
] as const;

export type Operator = (typeof OPERATORS)[number];

/** What is no path, or one that is not supported; says where. */
export class JsonPathSyntaxError extends Error {}
