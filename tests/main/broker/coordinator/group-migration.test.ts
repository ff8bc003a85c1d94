import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { GroupCoordinator } from '../../../../main/broker/coordinator/group-coordinator.ts';
import type { GroupCoordinatorOptions } from '../../../../main/broker/coordinator/group-coordinator-options.ts';
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../../main/protocol/messages/consumer-protocol.ts';
import {
  type ApiException,
  type ConsumerGroupHeartbeatRequest,
  Errors,
} from '../../../../main/protocol/messages/index.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { testGroupCoordinator, type WrittenOffsets } from '../../../kit/test-group-coordinator.ts';

const SESSION = 10_000;
const REBALANCE = 30_000;
const TOPIC = 'topicAtopicAtopicAtopA';
const PARTITIONS = 6;
const CLIENT = { clientId: 'c', clientHost: '/127.0.0.1' };

let time: MockTime;
let log: WrittenOffsets;
let ids: number;
let groups: GroupCoordinator;

function coordinator(options: Partial<GroupCoordinatorOptions> = {}): GroupCoordinator {
  return testGroupCoordinator(log, {
    time,
    randomId: () => `${++ids}`,
    topicNamed: (name) => (name === 't' ? { id: TOPIC, partitions: PARTITIONS } : undefined),
    topicNameOf: (id) => (id === TOPIC ? 't' : undefined),
    topicNames: { revision: 0, names: () => ['t'] },
    ...options,
  });
}

function restarted(options: Partial<GroupCoordinatorOptions> = {}): GroupCoordinator {
  groups.close();
  const again = coordinator(options);
  for (const { key, value } of log.records) again.replay(key, value, null);
  again.resume();
  return again;
}

beforeEach(() => {
  time = new MockTime();
  log = { records: [], broken: false };
  ids = 0;
  groups = coordinator();
});

const beat = (memberId: string, memberEpoch: number, more: Partial<ConsumerGroupHeartbeatRequest> = {}) =>
  groups.consumerHeartbeat(
    {
      ...{ groupId: 'g', memberId, memberEpoch, instanceId: null, rackId: null, rebalanceTimeoutMs: -1 },
      ...{ subscribedTopicNames: null, subscribedTopicRegex: null, serverAssignor: null, topicPartitions: null },
      ...more,
    },
    CLIENT,
  );

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 0,
    (error: { errorCode: number }) => error.errorCode,
  );

/** A consumer that speaks either protocol and does as it is told. */
class Consumer {
  readonly #instance: string | null;
  speaks: 'classic' | 'consumer' = 'classic';
  id = '';
  epoch = -1;
  owned: number[] = [];

  constructor(instance: string | null = null) {
    this.#instance = instance;
  }

  /** One round: joins or beats, and goes as far as it can without others. */
  async step(): Promise<void> {
    if (this.speaks === 'consumer') await this.#beat();
    else if (this.id === '' || this.classicBeat() !== Errors.NONE) await this.classicJoin();
  }

  classicBeat(): number {
    return groups.heartbeat({
      ...{ groupId: 'g', memberId: this.id, generationId: this.epoch, groupInstanceId: this.#instance },
    });
  }

  /** Eager: it gives everything back; who leads divides. */
  async classicJoin(): Promise<void> {
    this.owned = [];
    const metadata = consumerProtocolSubscription.encodeVersioned(3, { topics: ['t'], ownedPartitions: [] });
    const ask = () =>
      groups.join(
        {
          ...{ groupId: 'g', sessionTimeoutMs: SESSION, rebalanceTimeoutMs: REBALANCE, memberId: this.id },
          ...{ groupInstanceId: this.#instance, protocolType: 'consumer', reason: null },
          protocols: [{ name: 'range', metadata }],
        },
        9,
        CLIENT,
      );
    let joined = await ask();
    if (joined.errorCode === Errors.MEMBER_ID_REQUIRED) {
      this.id = joined.memberId as string;
      joined = await ask();
    }
    if (joined.errorCode !== Errors.NONE) {
      if (joined.errorCode === Errors.UNKNOWN_MEMBER_ID) this.id = '';
      return;
    }
    this.id = joined.memberId as string;
    this.epoch = joined.generationId as number;
    const members = joined.members as readonly { memberId: string }[];
    const assignments = members.map(({ memberId }, i) => ({
      memberId,
      assignment: assignmentOf(Array.from({ length: PARTITIONS }, (_, p) => p).filter((p) => p % members.length === i)),
    }));
    const synced = await groups.sync(
      {
        ...{ groupId: 'g', memberId: this.id, generationId: this.epoch, groupInstanceId: this.#instance },
        ...{ protocolType: 'consumer', protocolName: 'range', assignments },
      },
      5,
    );
    if (synced.errorCode !== Errors.NONE) return;
    const { value } = consumerProtocolAssignment.decodeVersioned(synced.assignment as Buffer);
    this.owned = value.assignedPartitions.flatMap(({ partitions }) => partitions);
  }

  async #beat(): Promise<void> {
    const join = { rebalanceTimeoutMs: REBALANCE, subscribedTopicNames: ['t'], topicPartitions: [] };
    const topicPartitions = [{ topicId: TOPIC, partitions: this.owned }];
    const instanceId = this.#instance;
    const answer = await (this.epoch <= 0
      ? beat(this.id, 0, { ...join, instanceId })
      : beat(this.id, this.epoch, { topicPartitions, instanceId })
    ).catch((error: ApiException) => {
      // It has lost everything, and joins again.
      if (this.epoch <= 0) throw error;
      return { memberEpoch: 0, assignment: { topicPartitions: [] } };
    });
    this.epoch = answer.memberEpoch;
    if (answer.assignment) this.owned = answer.assignment.topicPartitions.flatMap(({ partitions }) => partitions);
  }

  async leave(): Promise<void> {
    if (this.speaks === 'consumer') await beat(this.id, -1, { instanceId: this.#instance });
    else {
      const members = [{ memberId: this.id, groupInstanceId: this.#instance, reason: null }];
      await groups.leave({ groupId: 'g', memberId: '', members }, 5);
    }
    this.owned = [];
  }

  /** As the same program by the other protocol: a new member. */
  changed(): Consumer {
    const next = new Consumer(this.#instance);
    next.speaks = this.speaks === 'classic' ? 'consumer' : 'classic';
    if (next.speaks === 'consumer') next.id = `new-${++ids}`;
    return next;
  }
}

function assignmentOf(partitions: number[]): Buffer {
  const assignedPartitions = [{ topic: 't', partitions }];
  return consumerProtocolAssignment.encodeVersioned(1, { assignedPartitions, userData: null });
}

/** A classic group of one, to which one of the new protocol comes. */
async function mixed(): Promise<{ classic: Consumer; modern: Consumer }> {
  const classic = new Consumer();
  await classic.step();
  const modern = new Consumer().changed();
  await modern.step();
  return { classic, modern };
}

const type = () => groups.admin.list()[0]?.type;

describe('a group with members', () => {
  test.each([
    ['disabled', Errors.GROUP_ID_NOT_FOUND],
    ['downgrade', Errors.GROUP_ID_NOT_FOUND],
    ['upgrade', Errors.NONE],
    ['bidirectional', Errors.NONE],
  ] as const)('where the policy is %s: a member of the new protocol is answered with %i', async (policy, expected) => {
    groups = coordinator({ migrationPolicy: policy });
    const classic = new Consumer();
    await classic.step();
    const modern = new Consumer().changed();
    expect(await refusal(modern.step())).toBe(expected);
    expect(type()).toBe(expected === Errors.NONE ? 'consumer' : 'classic');
  });

  test.each([
    ['upgrade', 'consumer'],
    ['downgrade', 'classic'],
    ['disabled', 'consumer'],
    ['bidirectional', 'classic'],
  ] as const)('where the policy is %s: is a %s one when classic members alone are left', async (policy, expected) => {
    const { modern } = await mixed();
    groups = restarted({ migrationPolicy: policy });
    await modern.leave();
    expect(type()).toBe(expected);
    expect((groups.consumerGroup('g') ?? groups.admin.describe('g'))?.members).toHaveLength(1);
  });

  test('goes over when the last member of the new protocol is silent for too long', async () => {
    const { classic } = await mixed();
    for (let waited = 0; waited < 45_000; waited += SESSION / 2) {
      await classic.step();
      await time.advance(SESSION / 2);
    }
    expect(groups.admin.describe('g')).toMatchObject({ state: 'PreparingRebalance', protocol: 'range' });
    await classic.step();
    expect(groups.admin.describe('g')).toMatchObject({ state: 'Stable' });
    expect(classic.owned).toHaveLength(PARTITIONS);
  });

  test('keeps its protocol when more classic members stay than a classic group may have', async () => {
    const { classic, modern } = await mixed();
    const other = new Consumer();
    await other.step();
    groups = restarted({ maxSize: 1 });
    await modern.leave();
    expect(type()).toBe('consumer');
    await other.leave();
    expect(type()).toBe('classic');
    expect(classic.classicBeat()).not.toBe(Errors.UNKNOWN_MEMBER_ID);
  });

  test('leaves its members what they have: the new one waits for what a classic one gives back', async () => {
    const { modern } = await mixed();
    const { members } = groups.consumerGroup('g')!;
    expect(members.map(({ assigned }) => assigned.get(TOPIC)?.size ?? 0)).toEqual([PARTITIONS, 0]);
    await modern.step();
    expect(modern.owned).toEqual([]);
  });

  test('leaves nothing of the other protocol in the log', async () => {
    const kinds = () => {
      const left = new Map(log.records.map(({ key, value }) => [key.toString('latin1'), value && key.readInt16BE()]));
      return new Set([...left.values()].filter((kind) => kind !== null));
    };
    const { modern } = await mixed();
    expect(kinds()).toEqual(new Set([3, 5, 6, 7, 8]));
    await modern.leave();
    expect(kinds()).toEqual(new Set([2]));
  });

  test('of both protocols is as it was after a restart, and its members go on', async () => {
    const { classic, modern } = await mixed();
    for (let i = 0; i < 4; i++) for (const each of [classic, modern]) await each.step();
    const { members, epoch } = groups.consumerGroup('g')!;
    expect(members.map((member) => member.classic?.protocols[0]?.name)).toEqual(['range', undefined]);
    groups = restarted();
    expect(groups.consumerGroup('g')).toMatchObject({ members, epoch, state: 'Stable' });
    const written = log.records.length;
    for (const each of [classic, modern]) await each.step();
    expect(log.records).toHaveLength(written);
    expect([...classic.owned, ...modern.owned].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    await modern.leave();
    groups = restarted();
    expect(groups.admin.describe('g')).toMatchObject({ state: 'Stable', generation: epoch });
    expect(groups.admin.list()).toHaveLength(1);
  });

  test('can’t go over while the disk is full, and has gone over when it can be written again', async () => {
    const { classic, modern } = await mixed();
    log.broken = true;
    expect(await refusal(modern.leave())).toBe(Errors.COORDINATOR_NOT_AVAILABLE);
    log.broken = false;
    groups.admin.describe('g');
    await groups.expire();
    groups = restarted();
    expect(groups.admin.list()).toMatchObject([{ type: 'classic', state: 'Stable' }]);
    expect(groups.admin.describe('g')?.members.map(({ memberId }) => memberId)).toEqual([classic.id]);
  });

  test('that waits for its first generation goes over with those who wait', async () => {
    groups = coordinator({ initialRebalanceDelayMs: 3000 });
    const waiting = new Consumer('i');
    const joining = waiting.classicJoin();
    const modern = new Consumer().changed();
    await modern.step();
    await joining;
    expect(groups.consumerGroup('g')?.members).toHaveLength(2);
    expect(waiting.owned).toEqual([]);
  });
});

test('a classic group that is larger than it may be, after a restart, comes together anew', async () => {
  const consumers = [new Consumer('a'), new Consumer('b')];
  await consumers[0]!.step();
  const joining = consumers[1]!.step();
  await consumers[0]!.step();
  await joining;
  groups = restarted({ maxSize: 1 });
  expect(groups.admin.describe('g')?.state).toBe('PreparingRebalance');
});

test('however its members change, a partition has one owner among those who are told, and in the end all are shared', async () => {
  const step = fc.record({
    number: fc.nat(2),
    do: fc.constantFrom('step', 'step', 'step', 'change', 'leave', 'restart'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      log.records = [];
      groups = coordinator();
      const consumers = new Map<number, Consumer>();
      /** Joins of a classic group wait for one another, and for a member of before a restart until its session ends. */
      const round = async () => {
        const waiting = new Set<Consumer>();
        for (let i = 0; i === 0 || waiting.size > 0; i++) {
          if (i > 40) throw new Error('A member waits for ever');
          for (const each of consumers.values()) {
            if (waiting.has(each)) continue;
            waiting.add(each);
            void each.step().finally(() => waiting.delete(each));
          }
          await time.advance(i < 4 ? 0 : SESSION / 2);
        }
      };
      for (const { number, do: what } of steps) {
        const consumer = consumers.get(number);
        if (!consumer) consumers.set(number, new Consumer());
        else if (what === 'change') {
          await consumer.leave();
          consumers.set(number, consumer.changed());
        } else if (what === 'leave') {
          await consumer.leave();
          consumers.delete(number);
        } else if (what === 'restart') groups = restarted();
        await round();
        if (type() === 'consumer') {
          const owned = [...consumers.values()].flatMap((each) => each.owned);
          expect(owned.length).toBe(new Set(owned).size);
        }
      }
      for (let i = 0; i < 8; i++) await round();
      if (consumers.size === 0) return;
      const owned = [...consumers.values()].flatMap((each) => each.owned);
      expect(owned.sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(type()).toBe([...consumers.values()].some(({ speaks }) => speaks === 'consumer') ? 'consumer' : 'classic');
    }),
    { numRuns: { quick: 50, ci: 150 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 3000 },
  );
});
