import assert from 'node:assert/strict';
import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import { InProcessBroker } from '../in-process-broker.ts';
import { Choices, evenly } from '../seeded-random.ts';
import { SimFileSystem } from '../sim-file-system.ts';
import type { BrokerEvent } from './events.ts';
import { BrokerStory, type Idempotent } from './story.ts';
import { verifyAfterCrash } from './verify.ts';

const STEPS = 40;
const RARE = /txnindex|checkpoint|swap|cleaned|delete/;

/** The disk as a crash at some moment leaves it, and what clients knew at that moment. */
export interface CrashState {
  disk: SimFileSystem;
  events: readonly BrokerEvent[];
  producers: Idempotent[];
  /** Else the process alone was killed: what was written is there. */
  lostPower: boolean;
  time: number;
}

/** Crashes before calls of the disk that the seed chooses: most lose power, some kill the process alone. */
export async function crashStates(seed: number): Promise<CrashState[]> {
  const choices = new Choices(seed);
  const disk = new SimFileSystem();
  const broker = await InProcessBroker.open(disk);
  const story = new BrokerStory(broker, choices);
  const states: CrashState[] = [];
  let until = choices.between(1, 40);
  disk.fault = (operation, path) => {
    if (operation === 'read' || operation === 'open') return undefined;
    // The few calls that change whole files are met more often than chance would have it.
    if (RARE.test(path) && choices.chance(0.15)) until = 0;
    if (--until > 0) return undefined;
    until = choices.between(5, 60);
    const lostPower = choices.chance(0.8);
    const survives = lostPower ? evenly(seed + states.length) : () => 0;
    states.push({
      disk: disk.afterPowerLoss(survives),
      events: story.events.slice(),
      producers: story.producers(),
      lostPower,
      time: broker.time.milliseconds(),
    });
    return undefined;
  };
  await story.begin();
  for (let step = 0; step < STEPS; step++) await story.step();
  disk.fault = () => undefined;
  await broker.close();
  assert.deepEqual(
    broker.lines.filter((line) => line.startsWith('ERROR')),
    [],
  );
  states.push({
    disk: disk.afterPowerLoss(evenly(seed)),
    events: story.events,
    producers: story.producers(),
    lostPower: true,
    time: broker.time.milliseconds(),
  });
  return states;
}

/** Holds the broker to its promises after the crash; producers go on, and then it crashes once more. */
export async function verifyCrash(
  { disk, events, producers, time, lostPower }: CrashState,
  seed: number,
): Promise<void> {
  const broker = await InProcessBroker.open(disk, time);
  await verifyLife(broker, events, broker.damage);
  if (!lostPower) assert.deepEqual(broker.damage, []);
  const story = new BrokerStory(broker, new Choices(seed), 1_000_000);
  await story.resume(producers);
  const again = await InProcessBroker.open(disk.afterPowerLoss(evenly(seed)), broker.time.milliseconds());
  // What the first life told of as damaged is still missing in the next.
  await verifyLife(again, [...events, ...story.events], [...broker.damage, ...again.damage]);
}

async function verifyLife(
  broker: InProcessBroker,
  events: readonly BrokerEvent[],
  damage: readonly DamagedRecords[],
): Promise<void> {
  // Transactions that were being ended when it crashed end now; those that were open, when their time is over.
  for (let i = 0; i < 100; i++) await broker.time.advance(1200);
  await verifyAfterCrash(broker, events, damage);
  const errors = broker.lines.filter((line) => line.startsWith('ERROR') && !line.includes('are damaged'));
  assert.deepEqual(errors, []);
}
