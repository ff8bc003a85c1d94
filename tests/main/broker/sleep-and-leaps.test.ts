import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  consumerGroupHeartbeat,
  createTopics,
  Errors,
  heartbeat,
  joinGroup,
  offsetCommit,
  offsetFetch,
  syncGroup,
} from '../../../main/protocol/messages/index.ts';
import { MockTime } from '../../kit/mock-time.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { SimFileSystem } from '../../kit/sim-file-system.ts';
import { TestSandbox } from '../../kit/test-sandbox.ts';
import { TransactionalClient } from '../../kit/transactional-client.ts';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const YEAR = 365 * DAY;
const SESSION = 10 * SECOND;
const OVERRIDES = {
  'group.consumer.session.timeout.ms': `${SESSION}`,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': `${SECOND}`,
  // The clients that ask have been silent for long.
  'connections.max.idle.ms': '-1',
};
const NOT_TOLD = { instanceId: null, rackId: null, serverAssignor: null, topicPartitions: null };

let disk: SimFileSystem;
let time: MockTime;
let running: TestSandbox;
let client: RawClient;

async function start(overrides: Readonly<Record<string, string>> = {}): Promise<void> {
  running = await TestSandbox.start({ disk, time, overrides: { ...OVERRIDES, ...overrides } });
  client = await running.client();
}

beforeEach(async () => {
  disk = new SimFileSystem();
  time = new MockTime(Date.now());
  await start();
  const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  await client.request(createTopics, 7, { topics });
});
afterEach(() => running.close());

/** A member of a classic group; the function sends its heartbeat, whose error code it gives. */
async function classicMember(): Promise<() => Promise<number>> {
  const { memberId, generationId } = await client.request(joinGroup, 3, {
    groupId: 'classic',
    sessionTimeoutMs: SESSION,
    rebalanceTimeoutMs: SESSION,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  });
  const member = { groupId: 'classic', memberId, generationId };
  await client.request(syncGroup, 3, { ...member, assignments: [{ memberId, assignment: Buffer.from('all') }] });
  return async () => (await client.request(heartbeat, 3, member)).errorCode;
}

/** The same of a group of the new protocol. */
async function consumerMember(): Promise<() => Promise<number>> {
  const member = { groupId: 'consumer', memberId: 'one', rebalanceTimeoutMs: SESSION, ...NOT_TOLD };
  const { memberEpoch } = await client.request(consumerGroupHeartbeat, 0, {
    ...member,
    memberEpoch: 0,
    subscribedTopicNames: ['t'],
    topicPartitions: [],
  });
  const again = { ...member, memberEpoch, rebalanceTimeoutMs: -1, subscribedTopicNames: null };
  return async () => (await client.request(consumerGroupHeartbeat, 0, again)).errorCode;
}

async function openTransaction(timeoutMs: number): Promise<TransactionalClient> {
  const producer = new TransactionalClient(client, 'id');
  expect(await producer.init(timeoutMs)).toBe(0);
  expect(await producer.add('t', 0)).toEqual([0]);
  expect(await producer.write('t', 0, ['a'])).toBe(0);
  return producer;
}

async function commit(offset: bigint): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }];
  const { topics } = await client.request(offsetCommit, 7, {
    groupId: 'gone',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [{ name: 't', partitions }],
  });
  expect(topics[0]!.partitions[0]!.errorCode).toBe(0);
}

/** -1: there is none. */
async function committed(): Promise<bigint> {
  const { topics } = await client.request(offsetFetch, 5, {
    groupId: 'gone',
    topics: [{ name: 't', partitionIndexes: [0] }],
  });
  return topics[0]!.partitions[0]!.committedOffset;
}

test('a machine that slept finds everybody in the groups, and then again who is silent is out', async () => {
  const members = [await classicMember(), await consumerMember()];
  await time.advance(SESSION / 2);
  await time.sleep(90 * SECOND);
  for (const say of members) expect(await say()).toBe(Errors.NONE);
  expect(running.lines).toContainEqual(expect.stringMatching(/INFO .* for 8\d s: nobody's session is over/));
  await time.advance(SESSION - 1);
  for (const say of members) expect(await say()).toBe(Errors.NONE);
  await time.advance(SESSION);
  for (const say of members) expect(await say()).toBe(Errors.UNKNOWN_MEMBER_ID);
});

test('a sleep gives nobody more than the time that was left', async () => {
  const members = [await classicMember(), await consumerMember()];
  await time.advance(SESSION - 3 * SECOND);
  await time.sleep(90 * SECOND);
  await time.advance(4 * SECOND);
  for (const say of members) expect(await say()).toBe(Errors.UNKNOWN_MEMBER_ID);
});

test('a transaction goes on after a sleep; one that was open for too long while awake is aborted', async () => {
  const producer = await openTransaction(30 * SECOND);
  await time.advance(20 * SECOND);
  await time.sleep(90 * SECOND);
  expect(await producer.write('t', 0, ['b'])).toBe(0);
  expect(await producer.end(true)).toBe(0);
  expect((await producer.read('t', 0, 'read_committed')).values).toEqual(['a', 'b']);
  expect(await producer.add('t', 0)).toEqual([0]);
  expect(await producer.write('t', 0, ['c'])).toBe(0);
  await time.advance(20 * SECOND);
  await time.sleep(90 * SECOND);
  await time.advance(12 * SECOND);
  expect(await producer.end(true)).toBe(Errors.PRODUCER_FENCED);
  expect((await producer.read('t', 0, 'read_committed')).values).toEqual(['a', 'b']);
});

test.each([
  ['a year ahead', YEAR],
  ['a day back', -DAY],
  ['to 1970', -Date.now()],
])('a wall clock that leaps %s ends no session and no transaction, and no offsets are forgotten', async (_, leap) => {
  await commit(7n);
  const members = [await classicMember(), await consumerMember()];
  const producer = await openTransaction(30 * SECOND);
  await time.advance(SESSION / 2);
  time.leap(leap);
  await time.advance(SESSION / 2 - 1);
  for (const say of members) expect(await say()).toBe(Errors.NONE);
  await time.advance(SESSION / 2);
  for (const say of members) expect(await say()).toBe(Errors.NONE);
  expect(await producer.end(true)).toBe(0);
  await time.advance(1200 * SECOND);
  expect(await committed()).toBe(7n);
  // And when somebody sets it right again.
  time.leap(-leap);
  await time.advance(1200 * SECOND);
  expect(await committed()).toBe(7n);
  expect(await producer.add('t', 0)).toEqual([0]);
});

test('offsets that outlive their time by the clock of the day are forgotten as ever', async () => {
  await running.close();
  await start({ 'offsets.retention.minutes': '15' });
  await commit(7n);
  await time.advance(10 * 61 * SECOND);
  expect(await committed()).toBe(7n);
  await time.advance(10 * 61 * SECOND);
  expect(await committed()).toBe(-1n);
});

test('what was open before a restart has the rest of its time by the wall clock, the only one that went on', async () => {
  await openTransaction(30 * SECOND);
  await running.close();
  await time.advance(20 * SECOND);
  await start();
  const stable = async () =>
    (await new TransactionalClient(client, 'id').read('t', 0, 'read_committed')).lastStableOffset;
  await time.advance(9 * SECOND);
  expect(await stable()).toBe(0n);
  await time.advance(3 * SECOND);
  await expect.poll(stable).toBe(2n);
});
