import { crashStates, verifyCrash } from './crash-states.ts';

/** Seed and number of crashes; ends with 3 and says why when a promise is broken. */
const [seed, states] = process.argv.slice(2).map(Number) as [number, number];
let verified = 0;
try {
  for (let run = 0; verified < states; run++) {
    for (const state of await crashStates(seed + run)) {
      await verifyCrash(state, seed + run);
      verified++;
    }
  }
} catch (error) {
  console.log(`after ${verified} crashes: ${(error as Error).message}`);
  process.exit(3);
}
process.exit(0);
