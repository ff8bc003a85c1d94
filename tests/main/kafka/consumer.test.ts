import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientConfig, Consumer } from '../../../main/kafka/api.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { Errors, heartbeat, joinGroup, offsetCommit, syncGroup } from '../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../main/time.ts';
import { recordingLogger } from '../../kit/recording-logger.ts';
import { ScriptedCluster } from '../../kit/scripted-cluster.ts';

let cluster: ScriptedCluster;
let consumers: Consumer[];
let events: string[];
let lines: string[];

beforeEach(async () => {
  consumers = [];
  events = [];
  cluster = await new ScriptedCluster(2).start();
  for (const partition of cluster.partitions) partition.append('0', '1', '2');
});
afterEach(async () => {
  for (const consumer of consumers) await consumer.close();
  await cluster.stop();
});

function consumerOn(config: ClientConfig = {}): Consumer {
  const recording = recordingLogger();
  lines = recording.lines;
  const clients = kafkaClients({ time: systemTime, logger: recording.logger, random: () => 0.5 });
  const consumer = clients.consumer({
    'bootstrap.servers': cluster.broker.bootstrapServers,
    'group.id': 'g',
    'auto.offset.reset': 'earliest',
    'heartbeat.interval.ms': '20',
    'fetch.max.wait.ms': '30',
    'retry.backoff.ms': '5',
    ...config,
  });
  consumers.push(consumer);
  return consumer;
}

function subscribed(config: ClientConfig = {}): Consumer {
  const consumer = consumerOn(config);
  consumer.subscribe(['t'], {
    onPartitionsAssigned: (partitions) =>
      void events.push(`assigned ${partitions.length} at ${partitions.map((p) => consumer.position(p))}`),
    onPartitionsRevoked: (partitions) => void events.push(`revoked ${partitions.length}`),
    onPartitionsLost: (partitions) => void events.push(`lost ${partitions.length}`),
  });
  return consumer;
}

async function pollUntil(consumer: Consumer, done: () => boolean): Promise<number> {
  let count = 0;
  while (!done()) count += (await consumer.poll(20)).length;
  return count;
}

describe('a consumer of a group', () => {
  test('knows its positions when it is told of its partitions', async () => {
    cluster.committed.set(1, 2n);
    const consumer = subscribed();
    await pollUntil(consumer, () => events.length > 0);
    expect(events).toEqual(['assigned 2 at 0,2']);
  });

  test('may be sent elsewhere by whoever is told', async () => {
    const consumer = consumerOn();
    consumer.subscribe(['t'], {
      onPartitionsAssigned: (partitions) => {
        for (const each of partitions) consumer.seek(each, 2n);
      },
      onPartitionsRevoked: () => {},
      onPartitionsLost: () => {},
    });
    const values: string[] = [];
    while (values.length < 2) for (const { value } of await consumer.poll(50)) values.push(String(value));
    expect(values).toEqual(['2', '2']);
  });

  test('is given nothing before its callback is over', async () => {
    const consumer = consumerOn();
    let over = false;
    consumer.subscribe(['t'], {
      onPartitionsAssigned: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        over = true;
      },
      onPartitionsRevoked: () => {},
      onPartitionsLost: () => {},
    });
    let records: unknown[] = [];
    while (records.length === 0) records = await consumer.poll(20);
    expect(over).toBe(true);
  });

  test('gives its partitions up before it joins again', async () => {
    const consumer = subscribed();
    await pollUntil(consumer, () => events.length > 0);
    cluster.groupErrors.set(heartbeat.key, [Errors.REBALANCE_IN_PROGRESS]);
    await pollUntil(consumer, () => cluster.joins > 1 && consumer.assignment().length > 0);
    expect(events).toEqual(['assigned 2 at 0,0', 'revoked 2', 'assigned 2 at 0,0']);
  });

  test.each([
    ['UNKNOWN_MEMBER_ID', Errors.UNKNOWN_MEMBER_ID],
    ['ILLEGAL_GENERATION', Errors.ILLEGAL_GENERATION],
  ])('loses its partitions at %s, and joins again', async (_, error) => {
    const consumer = subscribed();
    await pollUntil(consumer, () => events.length > 0);
    cluster.groupErrors.set(heartbeat.key, [error]);
    await pollUntil(consumer, () => events.length > 2);
    expect(events).toEqual(['assigned 2 at 0,0', 'lost 2', 'assigned 2 at 0,0']);
    expect(lines.filter((line) => line.startsWith('WARN')).length).toBe(1);
  });

  test('that is fenced fails for good', async () => {
    const consumer = subscribed({ 'group.instance.id': 'desk' });
    await pollUntil(consumer, () => events.length > 0);
    cluster.groupErrors.set(heartbeat.key, [Errors.FENCED_INSTANCE_ID]);
    await expect(pollUntil(consumer, () => false)).rejects.toMatchObject({ name: 'FencedInstanceIdException' });
    await expect(consumer.poll(1)).rejects.toMatchObject({ name: 'FencedInstanceIdException' });
  });

  test.each([
    ['join', joinGroup.key, Errors.GROUP_MAX_SIZE_REACHED, 'GroupMaxSizeReachedException'],
    ['join', joinGroup.key, Errors.INCONSISTENT_GROUP_PROTOCOL, 'InconsistentGroupProtocolException'],
    ['sync', syncGroup.key, Errors.GROUP_AUTHORIZATION_FAILED, 'GroupAuthorizationException'],
  ])('rejects its poll when it can’t %s', async (_, key, error, name) => {
    // The first join only brings a member id.
    cluster.groupErrors.set(key, key === joinGroup.key ? [0, error] : [error]);
    await expect(pollUntil(subscribed(), () => false)).rejects.toMatchObject({ name });
  });

  test.each([
    ['the coordinator loads', joinGroup.key, Errors.COORDINATOR_LOAD_IN_PROGRESS],
    ['the coordinator moved', joinGroup.key, Errors.NOT_COORDINATOR],
    ['another rebalance began', syncGroup.key, Errors.REBALANCE_IN_PROGRESS],
    ['its member id is forgotten', syncGroup.key, Errors.UNKNOWN_MEMBER_ID],
  ])('joins all the same when %s', async (_, key, error) => {
    cluster.groupErrors.set(key, key === joinGroup.key ? [0, error] : [error]);
    await pollUntil(subscribed(), () => events.length > 0);
    expect(events).toEqual(['assigned 2 at 0,0']);
  });

  test('leaves when it is closed, and gives up its partitions before', async () => {
    const consumer = subscribed();
    await pollUntil(consumer, () => events.length > 0);
    await consumer.close();
    expect(events).toEqual(['assigned 2 at 0,0', 'revoked 2']);
    expect(cluster.left).toBe(1);
    await expect(consumer.poll(1)).rejects.toThrow(/already been closed/);
  });

  test('does not leave when it is static', async () => {
    const consumer = subscribed({ 'group.instance.id': 'desk' });
    await pollUntil(consumer, () => events.length > 0);
    await consumer.close();
    expect(cluster.left).toBe(0);
  });

  test('leaves when it isn’t polled for max.poll.interval.ms, and is back at the next poll', async () => {
    const consumer = subscribed({ 'max.poll.interval.ms': '60' });
    await pollUntil(consumer, () => events.length > 0);
    while (cluster.left === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await pollUntil(consumer, () => events.length > 2);
    expect(events).toEqual(['assigned 2 at 0,0', 'lost 2', 'assigned 2 at 0,0']);
  });

  test('stays a member while a poll waits longer than max.poll.interval.ms', async () => {
    const consumer = subscribed({ 'max.poll.interval.ms': '60' });
    await pollUntil(consumer, () => events.length > 0);
    while ((await consumer.poll(200)).length > 0);
    expect(cluster.left).toBe(0);
  });

  test('takes up another subscription', async () => {
    const consumer = subscribed();
    await pollUntil(consumer, () => events.length > 0);
    consumer.subscribe([], {
      onPartitionsAssigned: (p) => void events.push(`now ${p.length}`),
      onPartitionsRevoked: () => {},
      onPartitionsLost: () => {},
    });
    await pollUntil(consumer, () => events.length > 1);
    expect(events.at(-1)).toBe('now 0');
    expect(consumer.assignment()).toEqual([]);
  });

  test('notices new partitions when it made the assignment', async () => {
    const consumer = subscribed({ 'metadata.max.age.ms': '30' });
    await pollUntil(consumer, () => events.length > 0);
    cluster.partitions.push(new (Object.getPrototypeOf(cluster.partitions[0]).constructor)());
    await pollUntil(consumer, () => consumer.assignment().length === 3);
    expect(events).toEqual(['assigned 2 at 0,0', 'revoked 2', 'assigned 3 at 0,0,0']);
  });

  describe('that commits', () => {
    const offsets = [{ topic: 't', partition: 0, offset: 1n }];

    test('tries again while the coordinator moves', async () => {
      const consumer = subscribed();
      await pollUntil(consumer, () => events.length > 0);
      cluster.groupErrors.set(offsetCommit.key, [
        Errors.NOT_COORDINATOR,
        Errors.COORDINATOR_LOAD_IN_PROGRESS,
        Errors.REQUEST_TIMED_OUT,
      ]);
      await consumer.commit(offsets);
      expect(cluster.committed.get(0)).toBe(1n);
    });

    test.each([
      ['UNKNOWN_MEMBER_ID', Errors.UNKNOWN_MEMBER_ID, 'CommitFailedException'],
      ['ILLEGAL_GENERATION', Errors.ILLEGAL_GENERATION, 'CommitFailedException'],
      ['REBALANCE_IN_PROGRESS', Errors.REBALANCE_IN_PROGRESS, 'RebalanceInProgressException'],
      ['OFFSET_METADATA_TOO_LARGE', Errors.OFFSET_METADATA_TOO_LARGE, 'OffsetMetadataTooLarge'],
    ])('is told of %s', async (_, error, name) => {
      const consumer = subscribed();
      await pollUntil(consumer, () => events.length > 0);
      cluster.groupErrors.set(offsetCommit.key, [error]);
      await expect(consumer.commit(offsets)).rejects.toMatchObject({ name });
      expect(cluster.committed.size).toBe(0);
      // A member that learns so of a rebalance takes part in it.
      if (name !== 'OffsetMetadataTooLarge') await pollUntil(consumer, () => events.length > 2);
    });

    test('may still do so while it gives its partitions up, closing too', async () => {
      const consumer = consumerOn();
      consumer.subscribe(['t'], {
        onPartitionsAssigned: () => void events.push('assigned'),
        onPartitionsRevoked: () => consumer.commit(offsets),
        onPartitionsLost: () => {},
      });
      await pollUntil(consumer, () => events.length > 0);
      await consumer.close();
      expect(cluster.committed.get(0)).toBe(1n);
    });

    test('does so by itself only when enable.auto.commit says so', async () => {
      for (const auto of ['false', 'true']) {
        const consumer = subscribed({ 'enable.auto.commit': auto });
        let count = 0;
        while (count < 6) count += (await consumer.poll(50)).length;
        await consumer.close();
        expect([...cluster.committed.values()]).toEqual(auto === 'true' ? [3n, 3n] : []);
      }
    });
  });

  test('needs a group.id', () => {
    const clients = kafkaClients({ time: systemTime, logger: recordingLogger().logger, random: () => 0 });
    const consumer = clients.consumer({ 'bootstrap.servers': 'localhost:1' });
    consumers.push(consumer);
    expect(() => consumer.subscribe(['t'])).toThrow(/you must provide a valid group.id/);
  });

  test('refuses assignors that it does not have', () => {
    expect(() => consumerOn({ 'partition.assignment.strategy': 'com.example.Mine' })).toThrow(
      /^Invalid value com.example.Mine for configuration partition.assignment.strategy/,
    );
  });
});
