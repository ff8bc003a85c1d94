// Asks Apache Kafka Connect all cases and writes the answers to tests/fixtures/connect: node tests/kit/connect-oracle/record.ts
import { ALL_CASES } from './all-cases.ts';
import { recordAnswers } from './fixtures.ts';
import { jsonPathCases } from './json-path-cases.ts';
import { recordPaths } from './json-path-oracle.ts';

for (const [name, cases] of Object.entries(ALL_CASES)) {
  await recordAnswers(name, cases);
  console.log(`${name}: ${cases.length} answers`);
}
recordPaths(jsonPathCases);
console.log(`json-path: ${jsonPathCases.length} answers`);
