import { expect, test } from 'vitest';
import { Rate } from '../../../main/topics/rate.ts';
import { MockTime } from '../../kit/mock-time.ts';

test('a steady rate is found at once and kept', async () => {
  const time = new MockTime();
  const rate = new Rate(time, 2_000);
  for (let i = 0; i < 300; i++) {
    await time.advance(10);
    rate.add(5);
    if (i > 30) expect(rate.perSecond()).toBeGreaterThan(450);
    if (i > 30) expect(rate.perSecond()).toBeLessThan(550);
  }
});

test('it falls to nothing within its window', async () => {
  const time = new MockTime();
  const rate = new Rate(time, 2_000);
  await time.advance(1_000);
  rate.add(1_000);
  expect(rate.perSecond()).toBeGreaterThan(400);
  await time.advance(2_300);
  expect(rate.perSecond()).toBe(0);
  await time.advance(3_600_000);
  rate.add(10);
  expect(rate.perSecond()).toBeCloseTo(5, 0);
});
