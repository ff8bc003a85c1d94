import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BROKER_DEFECTS, type DefectName, RESTART_DEFECTS } from '../../kit/crash/planted-defects.ts';
import { spawnWithDefect } from '../../kit/crash/worker-pipeline.ts';
import { toItsEnd } from '../../kit/run-command.ts';
import { testSeed } from '../../kit/seeded-random.ts';

const CRASHES = 1500;
const STORIES = 200;
const program = join(import.meta.dirname, '../../kit/broker-story/run.ts');
const seed = testSeed();

// Without these the tests of losses of power and of kills could be ones that can't fail.
const planted = [
  ...Object.keys(BROKER_DEFECTS).map((defect) => ['losses of power', defect, 'power', CRASHES] as const),
  ...Object.keys(RESTART_DEFECTS).map((defect) => ['kills', defect, 'kills', STORIES] as const),
];

test.runIf((process.env.RUNNEL_TESTS ?? 'quick') !== 'quick').each(planted)(
  `%s bring to light: %s (seed ${seed})`,
  { timeout: 300_000 },
  async (_, defect, kind, crashes) => {
    const child = spawnWithDefect([program, kind, String(seed), String(crashes)], defect as DefectName);
    const { code, stdout, stderr } = await toItsEnd(child, undefined, 280_000);
    expect(stderr).toBe('');
    expect(code, `${defect} was not found in ${crashes} crashes`).toBe(3);
    expect(stdout.toString()).toMatch(/^after \d+ crashes: /);
  },
);
