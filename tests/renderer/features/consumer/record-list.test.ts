import { describe, expect, test } from 'vitest';
import { packRecords } from '../../../../common/kafka/packed-records.ts';
import { RecordList } from '../../../../renderer/features/consumer/record-list.ts';
import { RecordRing } from '../../../../renderer/features/consumer/record-ring.ts';

function filled(count: number, gapBefore?: number) {
  const ring = new RecordRing(1_000, 1e9);
  const list = new RecordList(ring);
  let next = 0;
  const add = (more: number) => {
    const records = Array.from({ length: more }, () => ({
      topic: 't',
      partition: 0,
      offset: BigInt(next++),
      timestamp: 0n,
      timestampType: 'CreateTime' as const,
      leaderEpoch: null,
      key: null,
      value: new Uint8Array(1),
      headers: [],
    }));
    ring.add({
      records: packRecords('t', records, 10),
      gaps:
        gapBefore === undefined
          ? []
          : [{ reason: 'absent', partition: 0, from: 0n, to: 1n, records: 0, before: gapBefore }],
    });
  };
  add(count);
  return { ring, list, add };
}

const offsets = (list: RecordList) =>
  Array.from({ length: list.order.count }, (_, index) => {
    const row = list.row(list.order.sequence(index));
    return row?.type === 'record' ? Number(row.record.offset) : undefined;
  });

describe('RecordList', () => {
  test('moves with the ring, and shows every n-th row when matches rush', () => {
    const { list, add } = filled(10);
    expect(offsets(list)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    list.rate(5_000);
    expect(offsets(list)).toEqual([5, 0]);
    add(1);
    expect(offsets(list)).toEqual([10, 5, 0]);
  });

  test('standing still it shows all that the ring held, and counts what is new', () => {
    const { list, add } = filled(10);
    list.rate(5_000);
    list.hold();
    add(2_000);
    expect(list.stride).toBe(1);
    expect(offsets(list)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(list.newRows).toBe(2_000);
    list.follow();
    expect(list.newRows).toBe(0);
    expect(offsets(list)[0]).toBe(2_005);
  });

  test('a chosen record stays chosen while the list goes on and the ring forgets it', () => {
    const { list, add } = filled(10);
    list.select(4);
    expect(list.following).toBe(false);
    list.follow();
    add(5_000);
    expect(list.selected?.record.offset).toBe(4n);
  });

  test('steps down and up, over gaps, from the top when nothing in the list is chosen', () => {
    const { list } = filled(4, 2);
    list.step(1);
    expect(list.selected?.record.offset).toBe(3n);
    list.step(1);
    list.step(1);
    expect(list.selected?.record.offset).toBe(1n);
    list.step(-1);
    expect(list.selected?.record.offset).toBe(2n);
    list.deselect();
    list.step(-1);
    expect(list.selected).toBeUndefined();
  });

  test('stops at the ends', () => {
    const { list } = filled(2);
    for (let step = 0; step < 5; step++) list.step(1);
    expect(list.selected?.record.offset).toBe(0n);
    for (let step = 0; step < 5; step++) list.step(-1);
    expect(list.selected?.record.offset).toBe(1n);
  });
});
