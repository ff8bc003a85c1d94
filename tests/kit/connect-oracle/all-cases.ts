import type { Case } from './cases.ts';
import { configCases } from './config-cases.ts';
import { converterCases } from './converter-cases.ts';
import { coverageCases } from './coverage-cases.ts';
import { headerCases } from './header-cases.ts';
import { numberCases } from './number-cases.ts';
import { regexCases } from './regex-cases.ts';
import { schemaCases } from './schema-cases.ts';
import { transformCases } from './transform-cases.ts';

/** By the name of their fixture, `tests/fixtures/connect/<name>.json`. */
export const ALL_CASES: Readonly<Record<string, readonly Case[]>> = {
  numbers: numberCases,
  schemas: schemaCases,
  config: configCases,
  regex: regexCases,
  converters: converterCases,
  headers: headerCases,
  transforms: transformCases,
  coverage: coverageCases,
};
