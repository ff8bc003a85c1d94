import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceMap } from '../../../../main/connect/api/records.ts';
import { SubmittedRecords } from '../../../../main/connect/runtime/submitted-records.ts';
import { sourceRecord } from '../../../kit/test-connectors.ts';

const record = (partition: string, number: number) => sourceRecord(number, 't', partition);
const offset = (partition: string, number: number) => ({
  partition: { source: partition },
  offset: { number: BigInt(number) },
});

test('nothing is committable before it is acknowledged', () => {
  const submitted = new SubmittedRecords();
  submitted.submit(record('a', 1));
  expect(submitted.takeCommittable()).toEqual([]);
  expect(submitted.unacknowledged).toBe(1);
});

test('an acknowledged record waits for every earlier one of its partition, not for other partitions', () => {
  const submitted = new SubmittedRecords();
  const [a1, a2, b1] = [record('a', 1), record('a', 2), record('b', 1)].map((it) => submitted.submit(it));
  a2?.ack();
  b1?.ack();
  expect(submitted.takeCommittable()).toEqual([offset('b', 1)]);
  a1?.ack();
  expect(submitted.takeCommittable()).toEqual([offset('a', 2)]);
  expect(submitted.takeCommittable()).toEqual([]);
});

test('partitions are told apart by their content', () => {
  const submitted = new SubmittedRecords();
  const first = submitted.submit({ ...record('a', 1), sourcePartition: { x: 1n, y: 'z' } });
  const second = submitted.submit({ ...record('a', 2), sourcePartition: { y: 'z', x: 1n } });
  second.ack();
  expect(submitted.takeCommittable()).toEqual([]);
  first.ack();
  expect(submitted.takeCommittable()).toHaveLength(1);
});

test('acknowledging twice counts once', () => {
  const submitted = new SubmittedRecords();
  const first = submitted.submit(record('a', 1));
  submitted.submit(record('a', 2));
  first.ack();
  first.ack();
  expect(submitted.unacknowledged).toBe(1);
  expect(submitted.takeCommittable()).toEqual([offset('a', 1)]);
});

test('any order of acknowledgements commits the longest acknowledged beginning of each partition', () => {
  const partitions = ['a', 'b', 'c'];
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('submit' as const), partition: fc.constantFrom(...partitions) }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('ack' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), fc.boolean(), (steps, sameObject) => {
      const submitted = new SubmittedRecords();
      const model = new Map(partitions.map((it) => [it, [] as { acked: boolean }[]]));
      const stored = new Map<string, number>();
      const open: { ack: () => void; entry: { acked: boolean } }[] = [];
      const shared = new Map<string, SourceMap>(partitions.map((it) => [it, { source: it }]));
      const take = () => {
        for (const { partition, offset } of submitted.takeCommittable())
          stored.set(partition.source as string, Number(offset.number));
        for (const [partition, entries] of model) {
          const first = entries.findIndex((it) => !it.acked);
          const acknowledged = first === -1 ? entries.length : first;
          expect(stored.get(partition) ?? 0).toBe(acknowledged);
        }
      };
      for (const it of steps) {
        if (it.kind === 'submit') {
          const entries = model.get(it.partition) as { acked: boolean }[];
          const entry = { acked: false };
          entries.push(entry);
          const own = record(it.partition, entries.length);
          const handle = submitted.submit(
            sameObject ? { ...own, sourcePartition: shared.get(it.partition) as SourceMap } : own,
          );
          open.push({ ack: () => handle.ack(), entry });
        } else if (it.kind === 'ack' && open.length > 0) {
          const [chosen] = open.splice(it.which % open.length, 1);
          chosen?.ack();
          if (chosen) chosen.entry.acked = true;
        } else if (it.kind === 'take') take();
      }
      expect(submitted.unacknowledged).toBe(open.length);
      take();
    }),
    { numRuns: process.env.RUNNEL_TESTS === 'night' ? 20_000 : 500 },
  );
});

test('200,000 records in flight that are acknowledged backwards become committable at once', () => {
  const submitted = new SubmittedRecords();
  const handles = Array.from({ length: 200_000 }, (_, i) => submitted.submit(record('a', i + 1)));
  for (let i = handles.length - 1; i > 0; i--) handles[i]?.ack();
  expect(submitted.takeCommittable()).toEqual([]);
  handles[0]?.ack();
  expect(submitted.takeCommittable()).toEqual([offset('a', 200_000)]);
  expect(submitted.unacknowledged).toBe(0);
});
