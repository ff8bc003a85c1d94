import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASSIGNORS, rangeAssignor, roundRobinAssignor } from '../../../../main/kafka/group/assignors.ts';

const member = (memberId: string, topics: string[], groupInstanceId: string | null = null) => ({
  memberId,
  groupInstanceId,
  topics,
});
const text = (assigned: ReturnType<typeof rangeAssignor.assign>) =>
  Object.fromEntries(
    [...assigned].map(([id, partitions]) => [id, partitions.map((p) => `${p.topic}${p.partition}`).join(' ')]),
  );

// What Kafka's own assignors do with the same members is compared in tests/conformance/clients.servers.test.ts.
describe('assignors', () => {
  test('range gives each member a run of every topic', () => {
    const partitions = new Map([
      ['a', 3],
      ['b', 3],
    ]);
    const members = [member('2', ['a', 'b']), member('1', ['a', 'b'])];
    expect(text(rangeAssignor.assign(partitions, members))).toEqual({ 1: 'a0 a1 b0 b1', 2: 'a2 b2' });
  });

  test('roundrobin deals all partitions in turn, passing over who is not subscribed', () => {
    const partitions = new Map([
      ['a', 3],
      ['b', 2],
    ]);
    const members = [member('1', ['a', 'b']), member('2', ['a', 'b']), member('3', ['b'])];
    expect(text(roundRobinAssignor.assign(partitions, members))).toEqual({ 1: 'a0 a2', 2: 'a1 b0', 3: 'b1' });
  });

  test('static members come first, by instance id', () => {
    const members = [member('1', ['a']), member('9', ['a'], 'x'), member('5', ['a'], 'y')];
    expect(text(rangeAssignor.assign(new Map([['a', 2]]), members))).toEqual({ 1: '', 5: 'a1', 9: 'a0' });
  });

  test('every partition has exactly one owner, who is subscribed, and nobody has two more than another of the same topics', () => {
    const topics = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    fc.assert(
      fc.property(
        fc.array(topics, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 4, maxLength: 4 }),
        (subscriptions, counts) => {
          const partitions = new Map(['a', 'b', 'c', 'd'].map((topic, i) => [topic, counts[i] as number]));
          const members = subscriptions.map((subscribed, i) => member(`m${i}`, subscribed));
          for (const { assign } of ASSIGNORS) {
            const assigned = assign(partitions, members);
            const owners = new Map<string, string>();
            for (const [id, owned] of assigned) {
              for (const { topic, partition } of owned) {
                expect(owners.has(`${topic}${partition}`)).toBe(false);
                owners.set(`${topic}${partition}`, id);
                expect(members.find((m) => m.memberId === id)?.topics).toContain(topic);
              }
            }
            const wanted = new Set(subscriptions.flat());
            expect(owners.size).toBe([...wanted].reduce((sum, topic) => sum + (partitions.get(topic) ?? 0), 0));
          }
        },
      ),
    );
  });
});
