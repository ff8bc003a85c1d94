import { crashStates, verifyCrash } from './crash-states.ts';
import { liveThroughKills } from './kills-at-rest.ts';

/** Which crashes, the seed and their number; ends with 3 and says why when a promise is broken. */
const [kind, ...numbers] = process.argv.slice(2);
const [seed, crashes] = numbers.map(Number) as [number, number];
let verified = 0;
try {
  for (let run = 0; verified < crashes; run++) {
    if (kind === 'kills') {
      await liveThroughKills(seed + run);
      verified++;
      continue;
    }
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
