import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SnowflakeIds } from '../../../../main/connectors/twitter/snowflake.ts';

const NOW = 1_795_000_000_000;

test('an id tells its time and lies beyond what a double keeps', () => {
  const id = new SnowflakeIds(0n).next(NOW, 0.5);
  expect(Number(id >> 22n) + 1_288_834_974_657).toBe(NOW);
  expect(id).toBeGreaterThan(2n ** 53n);
  expect(id).toBeLessThan(2n ** 63n);
});

test('ids grow whatever the clock does, and over a restart', () => {
  const times = fc.array(
    fc.tuple(fc.integer({ min: NOW - 1_000_000, max: NOW }), fc.double({ min: 0, max: 0.999, noNaN: true })),
  );
  fc.assert(
    fc.property(times, times, (before, after) => {
      let last = 0n;
      for (const run of [before, after]) {
        const ids = new SnowflakeIds(last);
        for (const [time, scatter] of run) {
          const id = ids.next(time, scatter);
          expect(id > last).toBe(true);
          last = id;
        }
      }
    }),
  );
});
