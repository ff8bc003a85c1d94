import { expect, test } from 'vitest';
import { Rate } from '../../../main/topics/rate.ts';
import { MockTime } from '../../kit/mock-time.ts';

test('what happens steadily is found soon and kept', async () => {
  const time = new MockTime();
  const rate = new Rate(time, 2_000);
  for (let i = 0; i < 1_000; i++) {
    await time.advance(10);
    rate.add(5);
    if (i > 30) expect(rate.perSecond()).toBeCloseTo(500, -1);
  }
});

test('a counter that is read once a second gives its exact rate', async () => {
  const time = new MockTime();
  const rate = new Rate(time, 5_000);
  for (let i = 0; i < 20; i++) {
    await time.advance(1_000);
    rate.add(500);
    expect(rate.perSecond()).toBe(500);
  }
});

test('it falls to nothing within its window, and a long silence leaves nothing behind', async () => {
  const time = new MockTime();
  const rate = new Rate(time, 2_000);
  await time.advance(1_000);
  rate.add(1_000);
  expect(rate.perSecond()).toBe(1_000);
  for (let i = 0; i < 4; i++) {
    await time.advance(500);
    rate.perSecond();
  }
  expect(rate.perSecond()).toBe(0);
  await time.advance(3_600_000);
  rate.add(10);
  expect(rate.perSecond()).toBeLessThan(0.01);
  await time.advance(2_000);
  rate.add(10);
  expect(rate.perSecond()).toBe(5);
});

test('a burst at the very beginning does not divide by nothing', () => {
  const rate = new Rate(new MockTime(), 2_000);
  rate.add(100);
  expect(rate.perSecond()).toBe(500);
});
