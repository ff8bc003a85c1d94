import { expect, test } from 'vitest';
import type { ReadEvent, RestartReport } from '../kit/real-clients/client-process.ts';
import { judgeConsumed, judgeProduced, judgeTransactions } from '../kit/real-clients/restarts.ts';

const report = (more: Partial<RestartReport> = {}): RestartReport => ({
  sent: 3,
  acknowledged: 3,
  transactions: true,
  errors: [],
  read: {},
  ...more,
});
const consumed = (...events: ReadEvent[]) => judgeConsumed(report({ read: { classic: events } }), 'classic');
const read = (offset: number, value = offset): ReadEvent => ['read', offset, value];

test('what was sent has to be there, each once and in order, and acknowledged', () => {
  expect(judgeProduced(report(), ['0', '1', '2'])).toBeNull();
  expect(judgeProduced(report(), ['0', '1'])).toBe('3 were sent, 2 are there');
  expect(judgeProduced(report(), ['0', '1', '1', '2'])).toBe('record 2 is 1');
  expect(judgeProduced(report(), ['1', '0', '2'])).toBe('record 0 is 1');
  expect(judgeProduced(report({ acknowledged: 2 }), ['0', '1', '2'])).toBe('3 were sent, 2 acknowledged');
  expect(judgeProduced(report({ errors: [['produce', 'lost']] }), ['0', '1', '2'])).toBe('lost');
});

test('a member may read again what it has not committed, and skip nothing', () => {
  expect(consumed(read(0), ['committed', 1], read(1), read(2))).toBeNull();
  expect(consumed(read(0), ['committed', 1], read(1), read(1), read(2))).toBeNull();
  expect(consumed(read(0), read(1), ['committed', 2], read(1), read(2))).toBe('1 came again, 2 was committed');
  expect(consumed(read(0), read(2))).toBe('1 to 1 were skipped');
  expect(consumed(read(0), read(1))).toBe('3 were sent, it read up to 2');
  expect(consumed(read(0), read(1, 5))).toBe('record 5 came with offset 1');
});

test('the first and the third transaction are there, the second is not', () => {
  const stage = (name: number, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);
  expect(judgeTransactions(report(), [...stage(1, 10), ...stage(3, 5)])).toBeNull();
  expect(judgeTransactions(report(), [...stage(1, 5), ...stage(3, 5)])).toContain('committed are 1-0');
  expect(judgeTransactions(report(), [...stage(1, 10), ...stage(2, 10), ...stage(3, 5)])).not.toBeNull();
});
