import { describe, expect, test } from 'vitest';
import { RateHistory } from '../../../../renderer/features/consumer/rate-history.ts';

const counts = (history: RateHistory, now: number) => history.slices(now).map(({ read }) => read);

describe('RateHistory', () => {
  test('counts into the slice of its time', () => {
    const history = new RateHistory(4, 2000);
    history.add(10_000, 5, 1);
    history.add(11_999, 5, 2);
    history.add(12_000, 7, 0);
    expect(history.slices(12_000).slice(2)).toEqual([
      { read: 10, matched: 3 },
      { read: 7, matched: 0 },
    ]);
    expect(history.peakPerSecond()).toBe(5);
  });

  test('moves on while nothing arrives, and forgets all after a long pause', () => {
    const history = new RateHistory(3, 1000);
    history.add(5_000, 9, 0);
    expect(counts(history, 6_500)).toEqual([0, 9, 0]);
    expect(counts(history, 7_000)).toEqual([9, 0, 0]);
    expect(counts(history, 1_000_000)).toEqual([0, 0, 0]);
  });

  test('a clock that goes back counts into the newest slice', () => {
    const history = new RateHistory(2, 1000);
    history.add(9_000, 1, 0);
    history.add(3_000, 1, 0);
    expect(counts(history, 9_500)).toEqual([0, 2]);
  });
});
