import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TOOL_DIFFERENCES } from '../kit/kafka-tools/differences.ts';

const tests = readFileSync(new URL('../main/cli/kafka-tools.test.ts', import.meta.url), 'utf8');

test.each(TOOL_DIFFERENCES)('a test holds it: $difference', ({ test: name }) => {
  expect(tests).toContain(`'${name}`);
});
