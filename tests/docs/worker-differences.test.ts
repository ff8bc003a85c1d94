import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WORKER_DIFFERENCES } from '../kit/worker-differences.ts';

test.each(WORKER_DIFFERENCES.map((it) => [it.difference, it] as const))(
  'a test holds: %s',
  (_, { file, test: name }) => {
    const text = readFileSync(join(import.meta.dirname, '../main/connect', file), 'utf8');
    expect(text).toContain(name);
  },
);
