import { deleteRecords, listOffsets } from '../../../../main/protocol/messages/index.ts';
import { TransactionalClient } from '../../transactional-client.ts';
import { casesOf, differing } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, ISOLATION_WHY, offsetAt, THEN, write } from '../requests.ts';

const [LATEST, EARLIEST, MAX_TIMESTAMP, EARLIEST_LOCAL, LATEST_TIERED, EARLIEST_PENDING] = [
  -1n,
  -2n,
  -3n,
  -4n,
  -5n,
  -6n,
];

/** Records at THEN, +10, +10, +20, +5 in batches of their own. */
async function withTimes(broker: PlayedBroker, configs: Record<string, string> = {}) {
  const topic = broker.named('t');
  await broker.topic(topic, 1, configs);
  for (const after of [0n, 10n, 10n, 20n, 5n]) await write(broker, topic, batch(['x'], { timestamp: THEN + after }));
  return topic;
}

export const LIST_OFFSETS_CASES = casesOf('ListOffsets', {
  latest: async (broker) => offsetAt(broker, await withTimes(broker), LATEST),
  earliest: async (broker) => offsetAt(broker, await withTimes(broker), EARLIEST),
  'earliest after records were deleted': async (broker) => {
    const topic = await withTimes(broker);
    await broker.ask(deleteRecords, 2, {
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset: 3n }] }],
      timeoutMs: 30_000,
    });
    return [await offsetAt(broker, topic, EARLIEST), await offsetAt(broker, topic, THEN)];
  },
  'of a topic without records': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    return [
      await offsetAt(broker, topic, LATEST),
      await offsetAt(broker, topic, EARLIEST),
      await offsetAt(broker, topic, MAX_TIMESTAMP),
      await offsetAt(broker, topic, 0n),
    ];
  },
  'the first record at a time': async (broker) => offsetAt(broker, await withTimes(broker), THEN + 10n),
  'the first record after a time': async (broker) => offsetAt(broker, await withTimes(broker), THEN + 11n),
  'a time before all records': async (broker) => offsetAt(broker, await withTimes(broker), 0n),
  'a time after all records': async (broker) => offsetAt(broker, await withTimes(broker), THEN + 21n),
  'a time within a batch': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    await write(broker, topic, batch(['a', 'b', 'c']));
    return offsetAt(broker, topic, THEN + 1n);
  },
  'a time within a compressed batch': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    await write(broker, topic, batch(['a', 'b', 'c'], { compression: 'gzip' }));
    return offsetAt(broker, topic, THEN + 1n);
  },
  'a time in a topic with the broker’s time': async (broker) =>
    offsetAt(broker, await withTimes(broker, { 'message.timestamp.type': 'LogAppendTime' }), THEN),
  'the largest timestamp': async (broker) => offsetAt(broker, await withTimes(broker), MAX_TIMESTAMP),
  'the largest timestamp within a batch': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    await write(broker, topic, batch(['a', 'b', 'c'], { compression: 'lz4' }));
    await write(broker, topic, batch(['a'], { timestamp: THEN - 5n }));
    return offsetAt(broker, topic, MAX_TIMESTAMP);
  },
  'the largest timestamp in a topic with the broker’s time': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'message.timestamp.type': 'LogAppendTime' });
    await write(broker, topic, batch(['a', 'b']));
    return offsetAt(broker, topic, MAX_TIMESTAMP);
  },
  'the largest timestamp of records that have none': differing(
    async (broker) => {
      const topic = broker.named('t');
      await broker.topic(topic);
      await write(broker, topic, batch(['a'], { timestamp: -1n }));
      return offsetAt(broker, topic, MAX_TIMESTAMP);
    },
    {
      sandbox: (kafka) => ({ ...kafka, offset: -1n, leaderEpoch: -1 }),
      why: 'Among records without timestamps none has the largest; Kafka names the first.',
    },
  ),
  'the earliest that is kept here': async (broker) =>
    offsetAt(broker, await withTimes(broker), EARLIEST_LOCAL, { version: 8 }),
  'the latest on remote storage': async (broker) =>
    offsetAt(broker, await withTimes(broker), LATEST_TIERED, { version: 9 }),
  'the earliest to be put on remote storage': async (broker) =>
    offsetAt(broker, await withTimes(broker), EARLIEST_PENDING, { version: 11 }),
  'a time that means nothing yet': async (broker) => offsetAt(broker, await withTimes(broker), -7n, { version: 10 }),
  'the largest timestamp in version 6, which does not have it': async (broker) =>
    offsetAt(broker, await withTimes(broker), MAX_TIMESTAMP, { version: 6 }),
  'the earliest that is kept here in version 7, which does not have it': async (broker) =>
    offsetAt(broker, await withTimes(broker), EARLIEST_LOCAL, { version: 7 }),
  'version 1': async (broker) => offsetAt(broker, await withTimes(broker), LATEST, { version: 1 }),
  'version 11': async (broker) => offsetAt(broker, await withTimes(broker), LATEST, { version: 11 }),
  'a topic that is not there': (broker) => offsetAt(broker, broker.named('none'), LATEST),
  'a partition that is not there': async (broker) =>
    offsetAt(broker, await withTimes(broker), LATEST, { partition: 3 }),
  'a negative partition': async (broker) => offsetAt(broker, await withTimes(broker), LATEST, { partition: -3 }),
  'a partition twice': async (broker) => {
    const name = await withTimes(broker);
    const { topics } = await broker.ask(listOffsets, 7, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [
        {
          name,
          partitions: [
            { partitionIndex: 0, timestamp: LATEST },
            { partitionIndex: 0, timestamp: EARLIEST },
          ],
        },
      ],
    });
    return topics;
  },
  'the leader epoch of now': async (broker) =>
    offsetAt(broker, await withTimes(broker), LATEST, { currentLeaderEpoch: 0 }),
  'a leader epoch that is to come': async (broker) =>
    offsetAt(broker, await withTimes(broker), LATEST, { currentLeaderEpoch: 2 }),
  'as a replica': async (broker) => {
    const name = await withTimes(broker);
    return broker.ask(listOffsets, 7, {
      replicaId: 5,
      isolationLevel: 0,
      topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: LATEST }] }],
    });
  },
  'read_committed ends at an open transaction': async (broker) => {
    const topic = await withTimes(broker);
    const client = new TransactionalClient(await broker.client(), broker.named('txn'));
    await broker.until(
      () => client.init(),
      (code) => code === 0,
    );
    await broker.until(
      () => client.add(topic, 0),
      ([code]) => code === 0,
    );
    await client.write(topic, 0, ['open']);
    await write(broker, topic, batch(['behind'], { timestamp: THEN + 100n }));
    return {
      uncommitted: await offsetAt(broker, topic, LATEST),
      committed: await offsetAt(broker, topic, LATEST, { isolationLevel: 1 }),
      behind: await offsetAt(broker, topic, THEN + 100n, { isolationLevel: 1 }),
      largest: await offsetAt(broker, topic, MAX_TIMESTAMP, { isolationLevel: 1 }),
    };
  },
  'an isolation level that nobody has': differing(
    async (broker) => (await offsetAt(broker, await withTimes(broker), LATEST, { isolationLevel: 5 })).errorCode,
    { sandbox: 0, why: ISOLATION_WHY },
  ),
  'without topics': (broker) => broker.ask(listOffsets, 7, { replicaId: -1, isolationLevel: 0, topics: [] }),
});
