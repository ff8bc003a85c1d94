import { beforeEach, describe, expect, test } from 'vitest';
import type { GroupCoordinator } from '../../../../main/broker/coordinator/group-coordinator.ts';
import { Errors, type JoinGroupRequest } from '../../../../main/protocol/messages/index.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { testGroupCoordinator, type WrittenOffsets } from '../../../kit/test-group-coordinator.ts';

const DELAY = 20;
const SESSION = 10_000;
const REBALANCE = 30_000;
const RETENTION = 60_000;

let time: MockTime;
let log: WrittenOffsets;
let ids: number;
let groups: GroupCoordinator;

function coordinator(): GroupCoordinator {
  return testGroupCoordinator(log, {
    time,
    randomId: () => `${++ids}`,
    initialRebalanceDelayMs: DELAY,
    offsetsRetentionMs: RETENTION,
  });
}

beforeEach(() => {
  time = new MockTime();
  log = { records: [], broken: false };
  ids = 0;
  groups = coordinator();
});

const client = { clientId: 'c', clientHost: '/127.0.0.1' };
const request = (memberId = '', more: Partial<JoinGroupRequest> = {}): JoinGroupRequest => ({
  groupId: 'g',
  sessionTimeoutMs: SESSION,
  rebalanceTimeoutMs: REBALANCE,
  memberId,
  groupInstanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from(`meta of ${memberId}`) }],
  reason: null,
  ...more,
});
const join = (memberId = '', more: Partial<JoinGroupRequest> = {}, version = 9) =>
  groups.join(request(memberId, more), version, client);
const sync = (
  memberId: string,
  generationId: number,
  assignments: { memberId: string; assignment: Buffer }[] = [],
  groupInstanceId: string | null = null,
) =>
  groups.sync(
    {
      groupId: 'g',
      memberId,
      generationId,
      groupInstanceId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments,
    },
    5,
  );
const beat = (memberId: string, generationId: number) =>
  groups.heartbeat({ groupId: 'g', memberId, generationId, groupInstanceId: null });

async function newMember(): Promise<string> {
  const answer = await join();
  expect(answer.errorCode).toBe(Errors.MEMBER_ID_REQUIRED);
  return answer.memberId as string;
}

/** One stable member; its id. */
async function stable(): Promise<string> {
  const memberId = await newMember();
  const joining = join(memberId);
  await time.advance(DELAY);
  const { generationId, leader } = await joining;
  expect(leader).toBe(memberId);
  await sync(memberId, generationId as number, [{ memberId, assignment: Buffer.from('all') }]);
  return memberId;
}

describe('a group of the classic protocol', () => {
  test('a new member gets its id first, then leads a generation and gets what it assigned', async () => {
    const memberId = await newMember();
    const joining = join(memberId);
    await time.advance(DELAY - 1);
    let answered = false;
    void joining.then(() => (answered = true));
    await time.advance(0);
    expect(answered).toBe(false);
    await time.advance(1);
    expect(await joining).toMatchObject({
      errorCode: 0,
      generationId: 1,
      leader: memberId,
      protocolName: 'range',
      members: [{ memberId }],
    });
    const assignment = Buffer.from('p0');
    expect(await sync(memberId, 1, [{ memberId, assignment }])).toMatchObject({ errorCode: 0, assignment });
    expect(groups.admin.describe('g')?.state).toBe('Stable');
    expect(beat(memberId, 1)).toBe(Errors.NONE);
  });

  test('clients before version 4 join in one step', async () => {
    const joining = join('', {}, 3);
    await time.advance(DELAY);
    expect(await joining).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  test('a second member makes the first join again; only the leader sees both', async () => {
    const first = await stable();
    const second = await newMember();
    const secondJoins = join(second);
    expect(beat(first, 1)).toBe(Errors.REBALANCE_IN_PROGRESS);
    const firstJoins = join(first);
    expect(await firstJoins).toMatchObject({ generationId: 2, leader: first });
    expect(((await firstJoins).members as unknown[]).length).toBe(2);
    expect(await secondJoins).toMatchObject({ generationId: 2, leader: first, members: [] });
    const secondSyncs = sync(second, 2);
    await sync(first, 2, [
      { memberId: first, assignment: Buffer.from('a') },
      { memberId: second, assignment: Buffer.from('b') },
    ]);
    expect(await secondSyncs).toMatchObject({ errorCode: 0, assignment: Buffer.from('b') });
  });

  test('a member that does not join again in time is out', async () => {
    const first = await stable();
    const second = await newMember();
    const secondJoins = join(second);
    for (let waited = 0; waited < REBALANCE; waited += 5000) {
      beat(first, 1);
      await time.advance(5000);
    }
    expect(await secondJoins).toMatchObject({ errorCode: 0, generationId: 2, leader: second });
    expect(beat(first, 1)).toBe(Errors.UNKNOWN_MEMBER_ID);
  });

  test('a member that stops beating is out after its session time-out, and a commit keeps it in', async () => {
    const memberId = await stable();
    await time.advance(SESSION - 1);
    const member = { memberId, groupInstanceId: null, generationId: 1 };
    expect(
      await groups.commit('g', member, [{ topic: 't', partition: 0, offset: 5n, leaderEpoch: 0, metadata: null }]),
    ).toEqual([0]);
    await time.advance(SESSION - 1);
    expect(beat(memberId, 1)).toBe(Errors.NONE);
    await time.advance(SESSION);
    expect(beat(memberId, 1)).toBe(Errors.UNKNOWN_MEMBER_ID);
    expect(groups.admin.describe('g')?.state).toBe('Empty');
  });

  test('an old generation, a wrong protocol and strangers are refused', async () => {
    const memberId = await stable();
    expect(beat(memberId, 0)).toBe(Errors.ILLEGAL_GENERATION);
    expect(beat('nobody', 1)).toBe(Errors.UNKNOWN_MEMBER_ID);
    expect((await join('nobody')).errorCode).toBe(Errors.UNKNOWN_MEMBER_ID);
    expect((await join('', { protocolType: 'connect' })).errorCode).toBe(Errors.INCONSISTENT_GROUP_PROTOCOL);
    expect((await join('', { protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] })).errorCode).toBe(
      Errors.INCONSISTENT_GROUP_PROTOCOL,
    );
    expect((await join('', { sessionTimeoutMs: 1 })).errorCode).toBe(Errors.INVALID_SESSION_TIMEOUT);
    expect((await join('', { groupId: '' })).errorCode).toBe(Errors.INVALID_GROUP_ID);
    const codes = await groups.commit('g', { memberId, groupInstanceId: null, generationId: 0 }, [
      { topic: 't', partition: 0, offset: 1n, leaderEpoch: 0, metadata: null },
    ]);
    expect(codes).toEqual([Errors.ILLEGAL_GENERATION]);
  });

  test('leaving starts a rebalance for the others and empties the group at last', async () => {
    const first = await stable();
    expect(
      await groups.leave(
        { groupId: 'g', memberId: '', members: [{ memberId: first, groupInstanceId: null, reason: null }] },
        3,
      ),
    ).toEqual({
      errorCode: 0,
      members: [{ memberId: first, groupInstanceId: null, errorCode: 0 }],
    });
    expect(groups.admin.describe('g')).toMatchObject({ state: 'Empty', generation: 2 });
    expect(time.pending).toBe(0);
  });

  test('a static member comes back under a new id without a rebalance, and its old id is fenced', async () => {
    const instance = { groupInstanceId: 'i' };
    const joining = join('', instance);
    await time.advance(DELAY);
    const old = (await joining).memberId as string;
    await sync(old, 1, [{ memberId: old, assignment: Buffer.from('mine') }], 'i');
    const back = await join('', { ...instance });
    expect(back).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
    expect(await sync(back.memberId as string, 1, [], 'i')).toMatchObject({ assignment: Buffer.from('mine') });
    expect((await sync(old, 1, [], 'i')).errorCode).toBe(Errors.FENCED_INSTANCE_ID);
  });

  test('a static member that comes back in other words keeps its part; with another protocol all is divided anew', async () => {
    const instance = { groupInstanceId: 'i', protocols: [{ name: 'range', metadata: Buffer.from('generation 1') }] };
    const joining = join('', instance);
    await time.advance(DELAY);
    const old = (await joining).memberId as string;
    await sync(old, 1, [{ memberId: old, assignment: Buffer.from('mine') }], 'i');
    const words = { ...instance, protocols: [{ name: 'range', metadata: Buffer.from('generation 2') }] };
    expect(await join('', words)).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
    const other = { ...instance, protocols: [{ name: 'sticky', metadata: Buffer.from('generation 2') }] };
    expect(await join('', other)).toMatchObject({ errorCode: 0, generationId: 2, protocolName: 'sticky' });
  });

  test('an assignment that cannot be written is not handed out', async () => {
    const memberId = await newMember();
    const joining = join(memberId);
    await time.advance(DELAY);
    await joining;
    log.broken = true;
    expect((await sync(memberId, 1, [{ memberId, assignment: Buffer.from('x') }])).errorCode).toBe(
      Errors.COORDINATOR_NOT_AVAILABLE,
    );
    log.broken = false;
    expect((await sync(memberId, 1, [{ memberId, assignment: Buffer.from('x') }])).errorCode).toBe(Errors.NONE);
  });

  test('a member that joined but never asks for its part is out', async () => {
    const memberId = await newMember();
    const joining = join(memberId);
    await time.advance(DELAY);
    await joining;
    for (let waited = 0; waited < REBALANCE; waited += 5000) {
      beat(memberId, 1);
      await time.advance(5000);
    }
    expect(beat(memberId, 1)).toBe(Errors.UNKNOWN_MEMBER_ID);
    expect(groups.admin.describe('g')?.state).toBe('Empty');
  });
});

describe('committed offsets', () => {
  const outside = { memberId: '', groupInstanceId: null, generationId: -1 };
  const offset = (partition: number, value: bigint, metadata: string | null = null) => ({
    topic: 't',
    partition,
    offset: value,
    leaderEpoch: -1,
    metadata,
  });

  test('come back from what was written, with the group and its members', async () => {
    const memberId = await stable();
    await groups.commit('g', { memberId, groupInstanceId: null, generationId: 1 }, [
      offset(0, 9007199254740993n, 'note'),
    ]);
    await groups.commit('other', outside, [offset(1, 7n)]);
    const again = coordinator();
    for (const { key, value } of log.records) again.replay(key, value, null);
    expect(again.offsets.get('g', 't', 0)).toMatchObject({ offset: 9007199254740993n, metadata: 'note' });
    expect(again.offsets.get('other', 't', 1)?.offset).toBe(7n);
    expect(again.admin.describe('g')).toMatchObject({ state: 'Stable', generation: 1, protocolType: 'consumer' });
    expect(again.admin.describe('g')?.members[0]?.assignment).toEqual(Buffer.from('all'));
    expect(again.admin.describe('other')?.state).toBe('Empty');
  });

  test('are not there before they are durable', async () => {
    log.broken = true;
    expect(await groups.commit('g', outside, [offset(0, 1n)])).toEqual([Errors.COORDINATOR_NOT_AVAILABLE]);
    expect(groups.offsets.get('g', 't', 0)).toBeUndefined();
  });

  test('from outside are refused while the group has members, and so is its deletion', async () => {
    await stable();
    expect(await groups.commit('g', outside, [offset(0, 1n)])).toEqual([Errors.UNKNOWN_MEMBER_ID]);
    expect(await groups.admin.delete('g')).toBe(Errors.NON_EMPTY_GROUP);
  });

  test('go with their group and with their topic', async () => {
    await groups.commit('a', outside, [offset(0, 1n)]);
    await groups.commit('b', outside, [offset(0, 1n), { ...offset(0, 1n), topic: 'u' }]);
    expect(await groups.admin.delete('a')).toBe(Errors.NONE);
    expect(await groups.admin.delete('a')).toBe(Errors.GROUP_ID_NOT_FOUND);
    await groups.topicDeleted('t');
    expect([...groups.offsets.of('b')].map((entry) => entry.topic)).toEqual(['u']);
    const again = coordinator();
    for (const { key, value } of log.records) again.replay(key, value, null);
    expect(again.admin.list().map((group) => group.groupId)).toEqual(['b']);
  });

  test('too long a note is refused, alone', async () => {
    expect(await groups.commit('g', outside, [offset(0, 1n, 'x'.repeat(4097)), offset(1, 2n)])).toEqual([
      Errors.OFFSET_METADATA_TOO_LARGE,
      Errors.NONE,
    ]);
  });

  test('are forgotten after the retention, in a group without members only', async () => {
    await groups.commit('old', outside, [offset(0, 1n)]);
    const memberId = await stable();
    await groups.commit('g', { memberId, groupInstanceId: null, generationId: 1 }, [offset(0, 1n)]);
    for (let waited = 0; waited <= RETENTION; waited += SESSION / 2) {
      await time.advance(SESSION / 2);
      beat(memberId, 1);
    }
    await groups.expire();
    expect(groups.admin.list().map((group) => group.groupId)).toEqual(['g']);
    expect(groups.offsets.get('g', 't', 0)).toBeDefined();
  });

  test('of a topic that members read are not deleted from under them', async () => {
    const memberId = await newMember();
    const { consumerProtocolSubscription } = await import('../../../../main/protocol/messages/consumer-protocol.ts');
    const metadata = consumerProtocolSubscription.encodeVersioned(0, { topics: ['t'], ownedPartitions: [] });
    const joining = join(memberId, { protocols: [{ name: 'range', metadata }] });
    await time.advance(DELAY);
    await joining;
    await sync(memberId, 1);
    const member = { memberId, groupInstanceId: null, generationId: 1 };
    await groups.commit('g', member, [offset(0, 1n), { ...offset(0, 1n), topic: 'u' }]);
    expect(
      await groups.admin.deleteOffsets('g', [
        { topic: 't', partition: 0 },
        { topic: 'u', partition: 0 },
      ]),
    ).toEqual([Errors.GROUP_SUBSCRIBED_TO_TOPIC, Errors.NONE]);
  });
});
