import { test } from 'vitest';
import { liveThroughKills } from '../../kit/broker-story/kills-at-rest.ts';
import { testSeed } from '../../kit/seeded-random.ts';

const RUNS = { quick: 2, ci: 6, night: 500 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 2;

const seed = testSeed();

test(`${RUNS} stories over eight lives of a broker: members of groups stay members, every promise is kept (seed ${seed})`, {
  timeout: 120_000 + RUNS * 5000,
}, async () => {
  for (let run = 0; run < RUNS; run++) {
    try {
      await liveThroughKills(seed + run);
    } catch (error) {
      throw new Error(`RUNNEL_SEED=${seed + run}: ${(error as Error).message}`, { cause: error });
    }
  }
});
