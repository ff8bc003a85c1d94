import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BROKER_DEFECTS, type BrokerDefectName } from '../../kit/crash/planted-defects.ts';
import { spawnWithDefect } from '../../kit/crash/worker-pipeline.ts';
import { toItsEnd } from '../../kit/run-command.ts';
import { testSeed } from '../../kit/seeded-random.ts';

const CRASHES = 1500;
const program = join(import.meta.dirname, '../../kit/broker-story/run.ts');
const seed = testSeed();

// Without these the test of losses of power could be one that can't fail.
test.runIf((process.env.RUNNEL_TESTS ?? 'quick') !== 'quick').each(Object.keys(BROKER_DEFECTS) as BrokerDefectName[])(
  `losses of power bring to light: %s (seed ${seed})`,
  { timeout: 300_000 },
  async (defect) => {
    const child = spawnWithDefect([program, String(seed), String(CRASHES)], defect);
    const { code, stdout, stderr } = await toItsEnd(child, undefined, 280_000);
    expect(stderr).toBe('');
    expect(code, `${defect} was not found in ${CRASHES} crashes`).toBe(3);
    expect(stdout.toString()).toMatch(/^after \d+ crashes: /);
  },
);
