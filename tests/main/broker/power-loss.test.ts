import { test } from 'vitest';
import { crashStates, verifyCrash } from '../../kit/broker-story/crash-states.ts';
import { testSeed } from '../../kit/seeded-random.ts';

const STATES = { quick: 100, ci: 500, night: 20_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 100;

const seed = testSeed();

test(`${STATES} crashes of a broker under several clients: every promise is kept (seed ${seed})`, {
  timeout: 120_000 + STATES * 500,
}, async () => {
  let verified = 0;
  for (let run = 0; verified < STATES; run++) {
    try {
      for (const state of await crashStates(seed + run)) {
        await verifyCrash(state, seed + run);
        verified++;
      }
    } catch (error) {
      throw new Error(`RUNNEL_SEED=${seed + run}: ${(error as Error).message}`, { cause: error });
    }
  }
});
