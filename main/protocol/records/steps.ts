import { setImmediate } from 'node:timers/promises';

/** Work in steps, each of which says how many bytes are done. Driven at once, or with other work between. */
export type Steps<T> = Generator<number, T, void>;

/** What is done between two turns of the event loop: a few ms of the slowest codec. */
export const STEP_BYTES = 1024 * 1024;

export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** With a turn of the event loop after every `STEP_BYTES`. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let pause = STEP_BYTES;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (step.value < pause) continue;
    pause = step.value + STEP_BYTES;
    await setImmediate();
  }
}
