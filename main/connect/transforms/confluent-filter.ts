import { ConfigException, DataException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../api/config-def.ts';
import type { Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import { RegexTooExpensive } from '../api/regex/machine.ts';
import { validator, validString } from '../api/validators.ts';
import { evaluate } from './json-path/evaluator.ts';
import { parseJsonPath } from './json-path/parser.ts';
import { type JsonPath, JsonPathSyntaxError } from './json-path/syntax.ts';
import { forKeyAndValue, type Side } from './sides.ts';

const config = configDef({
  'filter.condition': {
    type: 'STRING',
    validator: validator((name, value) => {
      if (typeof value === 'string') void compile(name, value);
    }, 'valid JSON Path expression'),
    importance: 'HIGH',
    doc: "What a record has to match, as JSONPath: $[?(@.lang == 'de')], $.user[?(@.followers_count > 100)].",
  },
  'filter.type': {
    type: 'STRING',
    validator: validString('include', 'exclude'),
    importance: 'HIGH',
    doc: 'Whether matching records are kept (include) or dropped (exclude).',
  },
  'missing.or.null.behavior': {
    type: 'STRING',
    default: 'fail',
    validator: validString('fail', 'include', 'exclude'),
    importance: 'MEDIUM',
    doc: 'What happens to a record that is null or lacks a field on the way to what is tested.',
  },
});

/**
 * Java: `io.confluent.connect.transforms.Filter`, after its documentation (it is no open source). A path without a
 * filter in it matches when there is a value and it is not null.
 */
export const confluentFilter = forKeyAndValue({
  className: 'io.confluent.connect.transforms.Filter',
  version: '1.6.0',
  summary: 'Keeps or drops records by a JSONPath condition.',
  config,
  create: (parsed, side) => new ConfluentFilter(parsed, side),
});

class ConfluentFilter implements Transformation {
  readonly #side: Side;
  readonly #path: JsonPath;
  readonly #include: boolean;
  readonly #missing: string;

  constructor(parsed: ParsedConfig<typeof config.keys>, side: Side) {
    this.#side = side;
    this.#path = compile('filter.condition', parsed['filter.condition']);
    this.#include = parsed['filter.type'] === 'include';
    this.#missing = parsed['missing.or.null.behavior'];
  }

  apply<R extends ConnectRecord>(record: R): R | null {
    const value = this.#side.value(record) ?? null;
    const found = value === null ? null : this.#find(value);
    const missing = found === null || (this.#path.definite && found[0] === null);
    if (!missing) return found.length > 0 === this.#include ? record : null;
    switch (this.#missing) {
      case 'include':
        return record;
      case 'exclude':
        return null;
      default:
        throw new DataException('The record is null or lacks a field of filter.condition', {
          key: 'filter.condition',
          hint: 'Set missing.or.null.behavior to include or exclude.',
        });
    }
  }

  #find(value: unknown): unknown[] | null {
    try {
      return evaluate(this.#path, value, value);
    } catch (error) {
      if (!(error instanceof RegexTooExpensive)) throw error;
      throw new DataException(`${error.message}: filter.condition`, { key: 'filter.condition' });
    }
  }
}

function compile(name: string, condition: string): JsonPath {
  try {
    return parseJsonPath(condition);
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    throw ConfigException.invalidValue(name, condition, error.message);
  }
}
