import { expect, test } from 'vitest';
import { BrokerStory } from '../../kit/broker-story/story.ts';
import { verifyAfterCrash } from '../../kit/broker-story/verify.ts';
import { InProcessBroker } from '../../kit/in-process-broker.ts';
import { Choices, evenly, testSeed } from '../../kit/seeded-random.ts';
import { diskError, type Operation, SimFileSystem } from '../../kit/sim-file-system.ts';

const RUNS = { quick: 15, ci: 60, night: 2_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 15;
const ALL: readonly Operation[] = ['open', 'read', 'write', 'sync', 'truncate', 'rename', 'remove', 'syncDirectory'];
const FULL: readonly Operation[] = ['open', 'write', 'sync', 'rename'];

/** Until every partition was tried again. */
async function passMinutes(broker: InProcessBroker): Promise<void> {
  for (let i = 0; i < 130; i++) await broker.time.advance(1000);
}

/** Several times a while in which the disk fails, at calls of all kinds; each time all goes on by itself after it. */
async function play(seed: number): Promise<void> {
  const choices = new Choices(seed);
  const disk = new SimFileSystem();
  const broker = await InProcessBroker.open(disk);
  const story = new BrokerStory(broker, choices);
  await story.begin();
  for (let round = 0; round < 4; round++) {
    for (let step = 0; step < 4; step++) await story.step();
    const isFull = choices.chance(0.3);
    const operations = choices.chance(0.4) ? ALL : [choices.pick(ALL)];
    const only = choices.chance(0.5)
      ? choices.pick(['plain-0-0', 'plain-0-1', '__consumer', '__transaction', '__cluster'])
      : '';
    let [before, left] = [choices.between(0, 30), choices.chance(0.2) ? 1000 : choices.between(1, 8)];
    disk.fault = (operation, path) => {
      if (!(isFull ? FULL : operations).includes(operation) || !path.includes(only)) return undefined;
      if (before-- > 0 || left-- <= 0) return undefined;
      return { error: diskError(isFull ? 'ENOSPC' : 'EIO'), written: choices.between(0, 100) };
    };
    for (let step = 0; step < 4; step++) await story.step();
    disk.fault = () => undefined;
    await passMinutes(broker);
    await verifyAfterCrash(broker, story.events, broker.damage);
  }
  await story.resume();
  const lines = broker.lines.filter((line) => line.includes('could not be answered'));
  expect(lines).toEqual([]);
  const again = await InProcessBroker.open(disk.afterPowerLoss(evenly(seed)), broker.time.milliseconds());
  await passMinutes(again);
  await verifyAfterCrash(again, story.events, again.damage);
  await broker.close();
}

const seed = testSeed();

test(`${RUNS} lives with errors of the disk: all goes on by itself, and every promise is kept (seed ${seed})`, {
  timeout: 120_000 + RUNS * 3000,
}, async () => {
  for (let run = 0; run < RUNS; run++) {
    try {
      await play(seed + run);
    } catch (error) {
      throw new Error(`RUNNEL_SEED=${seed + run}: ${(error as Error).message}`, { cause: error });
    }
  }
});
