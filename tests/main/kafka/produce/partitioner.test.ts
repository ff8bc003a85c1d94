import { describe, expect, test } from 'vitest';
import { murmur2, partitionForKey, StickyPartition } from '../../../../main/kafka/produce/partitioner.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('murmur2', () => {
  // Made by org.apache.kafka.common.utils.Utils.murmur2 of kafka-clients 4.3.1; clients.servers.test.ts asks Java again.
  test.each([
    ['', 275646681],
    ['2', 648968168],
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['größer', -365361616],
  ])('hashes %j as Java does', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });

  test('a key always has a partition within the topic', () => {
    for (let i = 0; i < 1_000; i++) {
      const partition = partitionForKey(bytes(`key-${i}`), 7);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(7);
    }
  });
});

describe('keyless records', () => {
  test('stay with a partition for a batch, then move', () => {
    const draws = [0.5, 0.9];
    const sticky = new StickyPartition(100, () => draws.shift() as number);
    const available = [0, 1, 2, 3];
    expect(sticky.choose(available)).toBe(2);
    sticky.appended(99);
    expect(sticky.choose(available)).toBe(2);
    sticky.appended(1);
    expect(sticky.choose(available)).toBe(3);
  });

  test('leave a partition that lost its leader', () => {
    const draws = [0, 0];
    const sticky = new StickyPartition(100, () => draws.shift() as number);
    expect(sticky.choose([0, 1])).toBe(0);
    expect(sticky.choose([1])).toBe(1);
  });
});
