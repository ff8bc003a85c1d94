import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { HeartbeatAnswer } from '../../../../main/broker/coordinator/consumer-groups.ts';
import type { GroupCoordinator } from '../../../../main/broker/coordinator/group-coordinator.ts';
import { type ConsumerGroupHeartbeatRequest, Errors } from '../../../../main/protocol/messages/index.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { testGroupCoordinator, type WrittenOffsets } from '../../../kit/test-group-coordinator.ts';

const SESSION = 45_000;
const REBALANCE = 60_000;
const TOPIC_A = 'topicAtopicAtopicAtopA';
const TOPIC_B = 'topicBtopicBtopicBtopA';
const TOPIC_NEW = 'topicNtopicNtopicNtopA';

let time: MockTime;
let log: WrittenOffsets;
let topics: Map<string, { id: string; partitions: number }>;
let groups: GroupCoordinator;

function coordinator(): GroupCoordinator {
  return testGroupCoordinator(log, {
    time,
    randomId: () => 'named by the broker',
    topicNamed: (name) => topics.get(name),
    topicNames: {
      get revision() {
        return topics.size;
      },
      names: () => topics.keys(),
    },
    consumerSessionTimeoutMs: SESSION,
  });
}

function restarted(): GroupCoordinator {
  groups.close();
  const again = coordinator();
  for (const { key, value } of log.records) again.replay(key, value, null);
  again.resume();
  return again;
}

beforeEach(() => {
  time = new MockTime();
  log = { records: [], broken: false };
  topics = new Map([
    ['a', { id: TOPIC_A, partitions: 6 }],
    ['b', { id: TOPIC_B, partitions: 3 }],
  ]);
  groups = coordinator();
});

const request = (memberId: string, memberEpoch: number, more: Partial<ConsumerGroupHeartbeatRequest> = {}) => ({
  groupId: 'g',
  memberId,
  memberEpoch,
  instanceId: null,
  rackId: null,
  rebalanceTimeoutMs: -1,
  subscribedTopicNames: null,
  subscribedTopicRegex: null,
  serverAssignor: null,
  topicPartitions: null,
  ...more,
});
const beat = (memberId: string, memberEpoch: number, more: Partial<ConsumerGroupHeartbeatRequest> = {}) =>
  groups.consumerHeartbeat(request(memberId, memberEpoch, more), { clientId: 'c', clientHost: '/127.0.0.1' });
const join = (memberId: string, names: string[], more: Partial<ConsumerGroupHeartbeatRequest> = {}) =>
  beat(memberId, 0, { rebalanceTimeoutMs: REBALANCE, subscribedTopicNames: names, topicPartitions: [], ...more });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 0,
    (error: { errorCode: number }) => error.errorCode,
  );

/** A client that does as it is told: gives back what it must not have, then says what it has. */
class Member {
  readonly id: string;
  epoch = 0;
  owned = new Map<string, number[]>();
  #told: HeartbeatAnswer | undefined;

  constructor(id: string) {
    this.id = id;
  }

  get partitions(): string[] {
    return [...this.owned].flatMap(([topicId, partitions]) => partitions.map((partition) => `${topicId} ${partition}`));
  }

  async join(names: string[], more: Partial<ConsumerGroupHeartbeatRequest> = {}): Promise<void> {
    this.owned = new Map();
    this.#take(await join(this.id, names, more));
  }

  /** With what it has since it was last told, or without. */
  async beat(more: Partial<ConsumerGroupHeartbeatRequest> = {}): Promise<void> {
    const topicPartitions = this.#told && [...this.owned].map(([topicId, partitions]) => ({ topicId, partitions }));
    this.#told = undefined;
    this.#take(await beat(this.id, this.epoch, { topicPartitions: topicPartitions ?? null, ...more }));
  }

  #take(answer: HeartbeatAnswer): void {
    this.epoch = answer.memberEpoch;
    if (!answer.assignment) return;
    this.#told = answer;
    this.owned = new Map(answer.assignment.topicPartitions.map(({ topicId, partitions }) => [topicId, partitions]));
  }
}

describe('a group', () => {
  test('gives everything to its only member at once, and divides it when another comes', async () => {
    const [first, second] = [new Member('m1'), new Member('m2')];
    await first.join(['a']);
    expect(first.partitions).toHaveLength(6);
    await second.join(['a']);
    expect(second.partitions).toEqual([]);
    expect(groups.consumerGroup('g')?.state).toBe('Reconciling');
    // The first is told to give up half, does so and says so; only then has the second anything.
    await first.beat();
    expect(first.partitions).toHaveLength(3);
    await second.beat();
    expect(second.partitions).toEqual([]);
    await first.beat();
    await second.beat();
    expect(new Set([...first.partitions, ...second.partitions]).size).toBe(6);
    expect(groups.consumerGroup('g')?.state).toBe('Stable');
    expect(groups.admin.list()).toEqual([
      { groupId: 'g', type: 'consumer', protocolType: 'consumer', state: 'Stable' },
    ]);
  });

  test('gives the partitions of who leaves, or is silent for too long, to the others', async () => {
    const members = ['m1', 'm2', 'm3'].map((id) => new Member(id));
    for (const member of members) await member.join(['a']);
    const settle = async (some: Member[]) => {
      for (let i = 0; i < 6; i++) for (const member of some) await member.beat();
    };
    await settle(members);
    expect(members.map(({ partitions }) => partitions.length)).toEqual([2, 2, 2]);
    await beat('m1', -1);
    await settle(members.slice(1));
    expect(members.slice(1).map(({ partitions }) => partitions.length)).toEqual([3, 3]);
    await time.advance(SESSION - 1);
    await members[2]!.beat();
    await time.advance(1);
    await settle(members.slice(2));
    expect(members[2]!.partitions).toHaveLength(6);
    expect(await code(beat('m2', members[1]!.epoch))).toBe(Errors.UNKNOWN_MEMBER_ID);
  });

  test('drops a member that keeps what it was told to give back', async () => {
    await join('m1', ['a']);
    await join('m2', ['a']);
    const keeps = [{ topicId: TOPIC_A, partitions: [0, 1, 2, 3, 4, 5] }];
    for (let waited = 0; waited < REBALANCE; waited += 10_000) {
      await beat('m1', 2, { topicPartitions: keeps });
      await beat(
        'm2',
        (await groups.consumerGroup('g')!.members.find(({ memberId }) => memberId === 'm2'))!.memberEpoch,
      );
      await time.advance(10_000);
    }
    expect(groups.consumerGroup('g')?.members.map(({ memberId }) => memberId)).toEqual(['m2']);
  });

  test('notices that a topic was made, and that one has more partitions', async () => {
    const member = new Member('m1');
    await member.join(['a', 'new']);
    expect(member.partitions).toHaveLength(6);
    topics.set('new', { id: TOPIC_NEW, partitions: 2 });
    topics.set('a', { id: TOPIC_A, partitions: 8 });
    await member.beat();
    expect(member.partitions).toHaveLength(10);
  });

  test('follows a regular expression: topics that come, another expression, none', async () => {
    const member = new Member('m1');
    await member.join([], { subscribedTopicNames: null, subscribedTopicRegex: '[ab]|n.*' });
    expect(member.partitions).toHaveLength(9);
    topics.set('new', { id: TOPIC_NEW, partitions: 2 });
    await member.beat();
    expect(member.partitions).toHaveLength(11);
    groups = restarted();
    expect(groups.consumerGroup('g')?.subscribedTopics()).toEqual(new Set(['a', 'b', 'new']));
    await member.beat({ subscribedTopicRegex: 'a' });
    await member.beat();
    expect([...member.owned.keys()]).toEqual([TOPIC_A]);
    expect(await code(beat('m1', member.epoch, { subscribedTopicRegex: '[' }))).toBe(Errors.INVALID_REGULAR_EXPRESSION);
    await member.beat({ subscribedTopicRegex: '' });
    expect(member.partitions).toEqual([]);
  });

  test('keeps the place of a static member that leaves for a while', async () => {
    const [first, second] = [new Member('m1'), new Member('m2')];
    await first.join(['a'], { instanceId: 'i' });
    await second.join(['a']);
    for (let i = 0; i < 4; i++) for (const member of [first, second]) await member.beat();
    const had = first.partitions;
    await beat('m1', -2, { instanceId: 'i' });
    const back = new Member('m1-again');
    await back.join(['a'], { instanceId: 'i' });
    expect(back.partitions).toEqual(had);
    await second.beat();
    expect(second.partitions).toHaveLength(3);
    expect(await code(join('m3', ['a'], { instanceId: 'i' }))).toBe(Errors.UNRELEASED_INSTANCE_ID);
    expect(await code(beat('m1', first.epoch, { instanceId: 'i' }))).toBe(Errors.FENCED_INSTANCE_ID);
  });

  test('divides topics in stretches when its members ask for the range assignor', async () => {
    const [first, second] = [new Member('m1'), new Member('m2')];
    for (const member of [first, second]) await member.join(['a', 'b'], { serverAssignor: 'range' });
    for (let i = 0; i < 4; i++) for (const member of [first, second]) await member.beat();
    expect(Object.fromEntries(first.owned)).toEqual({ [TOPIC_A]: [0, 1, 2], [TOPIC_B]: [0, 1] });
    expect(Object.fromEntries(second.owned)).toEqual({ [TOPIC_A]: [3, 4, 5], [TOPIC_B]: [2] });
  });

  test('is as it was after a restart, and its members go on', async () => {
    const [first, second] = [new Member('m1'), new Member('m2')];
    await first.join(['a']);
    await second.join(['a']);
    for (let i = 0; i < 4; i++) for (const member of [first, second]) await member.beat();
    const { epoch, members } = groups.consumerGroup('g')!;
    groups = restarted();
    expect(groups.consumerGroup('g')).toMatchObject({ epoch, members, state: 'Stable' });
    const before = log.records.length;
    await first.beat();
    await second.beat();
    expect(log.records).toHaveLength(before);
    await time.advance(SESSION);
    expect(groups.consumerGroup('g')?.state).toBe('Empty');
  });

  test('is deleted when nobody is in it, and is gone after a restart', async () => {
    await join('m1', ['a']);
    expect(await groups.admin.delete('g')).toBe(Errors.NON_EMPTY_GROUP);
    await beat('m1', -1);
    expect(await groups.admin.delete('g')).toBe(0);
    groups = restarted();
    expect(groups.admin.list()).toEqual([]);
  });

  test('can’t be changed while the disk is full, and nothing is lost of what it was', async () => {
    const member = new Member('m1');
    await member.join(['a']);
    log.broken = true;
    expect(await code(join('m2', ['a']))).toBe(Errors.COORDINATOR_NOT_AVAILABLE);
    log.broken = false;
    await join('m2', ['a']);
    const { members } = groups.consumerGroup('g')!;
    groups = restarted();
    expect(groups.consumerGroup('g')?.members).toEqual(members);
  });
});

describe('what is refused', () => {
  test.each([
    ['no rebalance time-out', () => join('m', ['a'], { rebalanceTimeoutMs: -1 }), Errors.INVALID_REQUEST],
    ['no topics', () => join('m', ['a'], { subscribedTopicNames: null }), Errors.INVALID_REQUEST],
    [
      'a regular expression that would be thousands of states',
      () => join('m', ['a'], { subscribedTopicRegex: 'x{0,999}'.repeat(2) }),
      Errors.INVALID_REGULAR_EXPRESSION,
    ],
    [
      'partitions of one who joins',
      () => join('m', ['a'], { topicPartitions: [{ topicId: TOPIC_A, partitions: [0] }] }),
      Errors.INVALID_REQUEST,
    ],
    ['an unknown assignor', () => join('m', ['a'], { serverAssignor: 'fair' }), Errors.UNSUPPORTED_ASSIGNOR],
    [
      'a broken regular expression',
      () => join('m', ['a'], { subscribedTopicRegex: 'a(?=b)' }),
      Errors.INVALID_REGULAR_EXPRESSION,
    ],
    ['a member that never joined', () => beat('m', 3), Errors.GROUP_ID_NOT_FOUND],
    ['to leave for a while without an instance', () => beat('m', -2), Errors.INVALID_REQUEST],
    ['an epoch that means nothing', () => beat('m', -3), Errors.INVALID_REQUEST],
  ])('%s', async (_, ask, expected) => {
    expect(await code(ask())).toBe(expected);
    expect(groups.admin.list()).toEqual([]);
  });

  test('a member of another epoch, unless the answer that told it of its own was lost', async () => {
    const member = new Member('m1');
    await member.join(['a']);
    await join('m2', ['a']);
    const keeps = groups.consumerGroup('g')!.targetOf('m1').get(TOPIC_A)!;
    const owned = [{ topicId: TOPIC_A, partitions: [...keeps] }];
    await beat('m1', member.epoch, { topicPartitions: owned });
    expect(await code(beat('m1', 7))).toBe(Errors.FENCED_MEMBER_EPOCH);
    expect(await code(beat('m1', member.epoch))).toBe(Errors.FENCED_MEMBER_EPOCH);
    expect((await beat('m1', member.epoch, { topicPartitions: owned })).memberEpoch).toBe(member.epoch + 1);
  });

  test('commits of who is not in the group, or in an older epoch of it', async () => {
    await join('m1', ['a']);
    const offset = { topic: 'a', partition: 0, offset: 1n, leaderEpoch: -1, metadata: null };
    const commit = async (memberId: string, generationId: number) =>
      (await groups.commit('g', { memberId, groupInstanceId: null, generationId, version: 9 }, [offset]))[0];
    expect([await commit('m1', 2), await commit('m1', 1), await commit('m9', 2), await commit('', -1)]).toEqual([
      0,
      Errors.STALE_MEMBER_EPOCH,
      Errors.UNKNOWN_MEMBER_ID,
      Errors.UNKNOWN_MEMBER_ID,
    ]);
  });
});

test('whatever members do, a partition has one owner at a time, and in the end all are shared evenly', async () => {
  const step = fc.record({
    member: fc.nat(3),
    do: fc.constantFrom('join', 'beat', 'beat', 'beat', 'leave', 'restart', 'grow', 'change'),
    both: fc.boolean(),
    byPattern: fc.boolean(),
  });
  const subscriptionTo = (both: boolean, byPattern: boolean) =>
    byPattern
      ? { subscribedTopicNames: [], subscribedTopicRegex: both ? 'a|b' : 'a' }
      : { subscribedTopicNames: both ? ['a', 'b'] : ['a'], subscribedTopicRegex: '' };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      log.records = [];
      topics = new Map([
        ['a', { id: TOPIC_A, partitions: 5 }],
        ['b', { id: TOPIC_B, partitions: 2 }],
      ]);
      groups = coordinator();
      const members = new Map<number, Member>();
      const noPartitionTwice = () => {
        const all = [...members.values()].flatMap(({ partitions }) => partitions);
        expect(all.length).toBe(new Set(all).size);
      };
      for (const { member: number, do: what, both, byPattern } of steps) {
        const member = members.get(number);
        if (what === 'join' && !member) {
          const joining = new Member(`m${number}`);
          members.set(number, joining);
          await joining.join([], subscriptionTo(both, byPattern));
        } else if (what === 'beat') await member?.beat();
        else if (what === 'change') await member?.beat(subscriptionTo(both, byPattern));
        else if (what === 'leave' && member) {
          members.delete(number);
          await beat(member.id, -1);
        } else if (what === 'restart') groups = restarted();
        else if (what === 'grow') topics.set('b', { id: TOPIC_B, partitions: topics.get('b')!.partitions + 1 });
        noPartitionTwice();
      }
      for (let i = 0; i < 10; i++) {
        for (const member of members.values()) {
          await member.beat();
          noPartitionTwice();
        }
      }
      const group = groups.consumerGroup('g');
      if (members.size === 0) return;
      expect(group?.state).toBe('Stable');
      const ofA = [...members.values()].flatMap(({ owned }) => owned.get(TOPIC_A) ?? []);
      expect(ofA.sort()).toEqual([0, 1, 2, 3, 4]);
      const readsBoth = (each: { subscribedTopicNames: readonly string[]; subscribedTopicRegex: string | null }) =>
        each.subscribedTopicNames.length === 2 || each.subscribedTopicRegex === 'a|b';
      if (group?.members.every(readsBoth)) {
        const loads = [...members.values()].map(({ partitions }) => partitions.length);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: { quick: 100, ci: 300 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 5000 },
  );
});
