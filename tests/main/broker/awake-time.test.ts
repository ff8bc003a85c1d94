import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwakeTime } from '../../../main/broker/awake-time.ts';
import { MockTime } from '../../kit/mock-time.ts';

test('a timer rings after its time awake, however long and often the process slept meanwhile', async () => {
  const step = fc.record({ kind: fc.constantFrom('run', 'sleep'), ms: fc.integer({ min: 1, max: 60_000 }) });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 100_000 }), fc.array(step, { maxLength: 12 }), async (delay, steps) => {
      const time = new MockTime();
      const awake = new AwakeTime(time, () => {});
      let rang: number | undefined;
      const begun = awake.hiResMilliseconds();
      awake.timer(delay, () => {
        rang = awake.hiResMilliseconds() - begun;
      });
      let ran = 0;
      for (const { kind, ms } of steps) {
        if (kind === 'run') {
          await time.advance(ms);
          ran += ms;
        } else await time.sleep(ms);
      }
      await time.advance(Math.max(0, delay - ran));
      // Three seconds may be work, and a second of each sleep counts as such.
      const sleeps = steps.filter(({ kind }) => kind === 'sleep').length;
      await time.advance(3_000 * sleeps);
      expect(rang).toBeGreaterThanOrEqual(delay);
      expect(rang).toBeLessThanOrEqual(delay + 3_000 * sleeps + 1);
      awake.close();
      expect(time.pending).toBe(0);
    }),
  );
});

test('work that holds the process up for two seconds is no sleep', async () => {
  const time = new MockTime();
  const slept: number[] = [];
  const awake = new AwakeTime(time, (ms) => slept.push(ms));
  await time.sleep(2_000);
  await time.advance(1_500);
  expect(slept).toEqual([]);
  await time.sleep(10_000);
  expect(slept).toEqual([9_500]);
  expect(awake.hiResMilliseconds() - time.hiResMilliseconds()).toBe(-9_500);
  expect(time.nanoseconds() - awake.nanoseconds()).toBe(9_500_000_000n);
  awake.close();
});
