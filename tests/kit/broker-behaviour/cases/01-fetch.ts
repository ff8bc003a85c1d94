import { fetch } from '../../../../main/protocol/messages/index.ts';
import { TransactionalClient } from '../../transactional-client.ts';
import { casesOf, differing } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, change, fetchRequest, ISOLATION_WHY, inForce, read, SET, write } from '../requests.ts';

/** A topic with so many batches of one record in partition 0. */
async function withBatches(broker: PlayedBroker, count: number, configs: Record<string, string> = {}) {
  const topic = broker.named('t');
  const { topicId } = await broker.topic(topic, 2, configs);
  for (let i = 0; i < count; i++) await write(broker, topic, batch([`${i}`]));
  return { topic, topicId };
}

const NOBODY = 'AAAAAAAAAAAAAAAAAAABBw';

export const FETCH_CASES = casesOf('Fetch', {
  'from the beginning': async (broker) => read(broker, (await withBatches(broker, 3)).topic),
  'from the middle': async (broker) => read(broker, (await withBatches(broker, 3)).topic, { fetchOffset: 1n }),
  'from within a batch comes the whole batch': async (broker) => {
    const { topic } = await withBatches(broker, 0);
    await write(broker, topic, batch(['a', 'b', 'c']));
    return read(broker, topic, { fetchOffset: 2n });
  },
  'from the end': async (broker) => read(broker, (await withBatches(broker, 2)).topic, { fetchOffset: 2n }),
  'from beyond the end': async (broker) => read(broker, (await withBatches(broker, 2)).topic, { fetchOffset: 3n }),
  'from a negative offset': async (broker) => read(broker, (await withBatches(broker, 2)).topic, { fetchOffset: -1n }),
  'of a partition without records': async (broker) => read(broker, (await withBatches(broker, 0)).topic),
  'of a topic that is not there': (broker) => read(broker, broker.named('none')),
  'of a partition that is not there': async (broker) =>
    read(broker, (await withBatches(broker, 0)).topic, { partition: 2 }),
  'of a negative partition': async (broker) => read(broker, (await withBatches(broker, 0)).topic, { partition: -1 }),
  'of a topic whose name can’t be': (broker) => read(broker, 'a/../b'),
  'by topic id': async (broker) => {
    const { topicId } = await withBatches(broker, 2);
    return broker.ask(fetch, 17, fetchRequest([{ topicId, partitions: [{}, { partition: 5 }] }]));
  },
  'by an id that is nobody’s': (broker) => broker.ask(fetch, 17, fetchRequest([{ topicId: NOBODY, partitions: [{}] }])),
  'by no id': (broker) => broker.ask(fetch, 17, fetchRequest([{ partitions: [{}] }])),
  'by the id of a topic that was deleted and made again': async (broker) => {
    const { topic, topicId } = await withBatches(broker, 1);
    await broker.deleteTopic(topic);
    await broker.topic(topic, 2);
    return broker.ask(fetch, 17, fetchRequest([{ topicId, partitions: [{}] }]));
  },
  'version 13 names the topic of an answer by its id alone': async (broker) => {
    const { topicId } = await withBatches(broker, 1);
    return broker.ask(fetch, 13, fetchRequest([{ topicId, partitions: [{}] }]));
  },
  'version 18 with a high watermark of the consumer’s': async (broker) => {
    const { topicId } = await withBatches(broker, 1);
    return broker.ask(fetch, 18, fetchRequest([{ topicId, partitions: [{ highWatermark: 0n }] }]));
  },
  'without topics': (broker) => broker.ask(fetch, 11, fetchRequest([])),
  'of several partitions in their order': async (broker) => {
    const { topic } = await withBatches(broker, 1);
    await write(broker, topic, batch(['x']), { partition: 1 });
    return broker.ask(fetch, 11, fetchRequest([{ topic, partitions: [{ partition: 1 }, { partition: 0 }] }]));
  },
  'at least one batch, whatever the limits': async (broker) => {
    const { topic } = await withBatches(broker, 3);
    return read(broker, topic, { partitionMaxBytes: 1 }, { maxBytes: 1 });
  },
  'a partition’s limit lets through what fits wholly or in part': differing(
    async (broker) => {
      const { topic } = await withBatches(broker, 4);
      const size = batch(['0']).length;
      return [
        await read(broker, topic, { partitionMaxBytes: size * 2 }),
        await read(broker, topic, { partitionMaxBytes: size * 3 - 1 }),
      ].map(({ records }) => records?.length);
    },
    {
      sandbox: ([whole]) => [whole, whole],
      why: 'Records are cut at the end of a batch; Kafka’s answer may end within one.',
    },
  ),
  'an answer’s limit is spent in the order of the partitions': async (broker) => {
    const { topic } = await withBatches(broker, 3);
    await write(broker, topic, batch(['x']), { partition: 1 });
    const size = batch(['0']).length;
    const answer = await broker.ask(
      fetch,
      11,
      fetchRequest([{ topic, partitions: [{ partition: 0 }, { partition: 1 }] }], { maxBytes: size * 2 }),
    );
    return answer.responses[0]!.partitions.map(({ records }) => records?.length);
  },
  'limits of zero': async (broker) => {
    const { topic } = await withBatches(broker, 2);
    return read(broker, topic, { partitionMaxBytes: 0 }, { maxBytes: 0 });
  },
  'negative limits': differing(
    async (broker) => {
      const { topic } = await withBatches(broker, 2);
      const { errorCode, records } = await read(broker, topic, { partitionMaxBytes: -1 }, { maxBytes: -1 });
      return { errorCode, bytes: records?.length };
    },
    {
      sandbox: { errorCode: 0, bytes: batch(['0']).length },
      why: 'Negative limits count as 0; Kafka’s answer is UNKNOWN_SERVER_ERROR.',
    },
  ),
  'waits for bytes': async (broker) => {
    const { topic } = await withBatches(broker, 0);
    const waiter = await broker.client();
    const waiting = waiter.request(
      fetch,
      11,
      fetchRequest([{ topic, partitions: [{}] }], { minBytes: 1, maxWaitMs: 30_000 }),
    );
    await write(broker, topic, batch(['later']));
    return waiting;
  },
  'waits for so many bytes as were asked for': async (broker) => {
    const { topic } = await withBatches(broker, 1);
    const waiter = await broker.client();
    const minBytes = batch(['0']).length + 1;
    const waiting = waiter.request(
      fetch,
      11,
      fetchRequest([{ topic, partitions: [{}] }], { minBytes, maxWaitMs: 30_000 }),
    );
    await write(broker, topic, batch(['1']));
    return waiting;
  },
  'ends its wait with what there is': async (broker) => {
    const { topic } = await withBatches(broker, 1);
    return read(broker, topic, {}, { minBytes: 100_000, maxWaitMs: 50 });
  },
  'an error is not waited with': async (broker) => {
    const { topic } = await withBatches(broker, 1);
    return broker.ask(
      fetch,
      11,
      fetchRequest([{ topic, partitions: [{ fetchOffset: 9n }, { partition: 1 }] }], {
        minBytes: 1,
        maxWaitMs: 60_000,
      }),
    );
  },
  'a negative wait': async (broker) =>
    read(broker, (await withBatches(broker, 1)).topic, {}, { minBytes: 5000, maxWaitMs: -1 }),
  'the leader epoch of now': async (broker) =>
    read(broker, (await withBatches(broker, 1)).topic, { currentLeaderEpoch: 0 }),
  'a leader epoch that is to come': async (broker) =>
    read(broker, (await withBatches(broker, 1)).topic, { currentLeaderEpoch: 3 }),
  'a last fetched epoch of now': async (broker) =>
    read(broker, (await withBatches(broker, 2)).topic, { fetchOffset: 1n, lastFetchedEpoch: 0 }, { version: 12 }),
  'a last fetched epoch that is to come': async (broker) =>
    read(broker, (await withBatches(broker, 2)).topic, { fetchOffset: 1n, lastFetchedEpoch: 4 }, { version: 12 }),
  'a last fetched epoch of now, beyond the end': async (broker) =>
    read(broker, (await withBatches(broker, 2)).topic, { fetchOffset: 7n, lastFetchedEpoch: 0 }, { version: 12 }),
  'as a replica that is none': async (broker) =>
    read(broker, (await withBatches(broker, 1)).topic, {}, { replicaId: 7 }),
  'as a follower that asks for its leader': async (broker) =>
    read(broker, (await withBatches(broker, 1)).topic, {}, { replicaId: 1 }),
  'as one that debugs': async (broker) => read(broker, (await withBatches(broker, 1)).topic, {}, { replicaId: -2 }),
  'with a rack': async (broker) => read(broker, (await withBatches(broker, 1)).topic, {}, { rackId: 'somewhere' }),
  'with a cluster id of another': async (broker) => {
    const { topicId } = await withBatches(broker, 1);
    return broker.ask(fetch, 17, fetchRequest([{ topicId, partitions: [{}] }], { clusterId: 'other' }));
  },
  'after records were compressed by a topic that was changed': async (broker) => {
    const { topic } = await withBatches(broker, 1);
    await change(broker, topic, [['compression.type', SET, 'zstd']]);
    await inForce(broker, topic, 'compression.type', 'zstd');
    await write(broker, topic, batch(['y'.repeat(200)]));
    return read(broker, topic);
  },
  'zstd in version 9, whose consumers can’t read it': async (broker) => {
    const { topic } = await withBatches(broker, 0);
    await write(broker, topic, batch(['x'], { compression: 'zstd' }));
    return read(broker, topic, {}, { version: 9 });
  },
  'zstd in version 9 of a topic that is told to pack by it': async (broker) => {
    const { topic } = await withBatches(broker, 1, { 'compression.type': 'zstd' });
    return read(broker, topic, {}, { version: 9 });
  },
});

/** Committed, aborted, open: a transaction each, with a record outside of them between. */
async function withTransactions(broker: PlayedBroker) {
  const { topic } = await withBatches(broker, 0);
  const clients = [];
  for (const name of ['committed', 'aborted', 'open']) {
    const client = new TransactionalClient(await broker.client(), broker.named(name));
    await broker.until(
      () => client.init(),
      (code) => code === 0,
    );
    await broker.until(
      () => client.add(topic, 0),
      ([code]) => code === 0,
    );
    await client.write(topic, 0, [name]);
    await write(broker, topic, batch([`beside ${name}`]));
    clients.push(client);
  }
  await clients[0]!.end(true);
  await clients[1]!.end(false);
  const end = 8n;
  await broker.until(
    () => read(broker, topic),
    ({ highWatermark }) => highWatermark === end,
  );
  return topic;
}

export const TRANSACTION_FETCH_CASES = casesOf('Fetch', {
  'read_uncommitted shows what is open': async (broker) => read(broker, await withTransactions(broker)),
  'read_committed ends at the open transaction and names the aborted one': async (broker) =>
    read(broker, await withTransactions(broker), {}, { isolationLevel: 1 }),
  'read_committed from the last stable offset': async (broker) =>
    read(broker, await withTransactions(broker), { fetchOffset: 4n }, { isolationLevel: 1 }),
  'read_committed from beyond the last stable offset': async (broker) =>
    read(broker, await withTransactions(broker), { fetchOffset: 6n }, { isolationLevel: 1 }),
  'an isolation level that nobody has': differing(
    async (broker) => {
      const topic = await withTransactions(broker);
      const { errorCode, abortedTransactions } = await read(broker, topic, {}, { isolationLevel: 2 });
      return { errorCode, abortedTransactions };
    },
    { sandbox: { errorCode: 0, abortedTransactions: null }, why: ISOLATION_WHY },
  ),
  'read_committed waits for a decision': async (broker) => {
    const { topic } = await withBatches(broker, 0);
    const client = new TransactionalClient(await broker.client(), broker.named('txn'));
    await broker.until(
      () => client.init(),
      (code) => code === 0,
    );
    await broker.until(
      () => client.add(topic, 0),
      ([code]) => code === 0,
    );
    await client.write(topic, 0, ['a']);
    const waiter = await broker.client();
    const waiting = waiter.request(
      fetch,
      11,
      fetchRequest([{ topic, partitions: [{}] }], { isolationLevel: 1, minBytes: 1, maxWaitMs: 30_000 }),
    );
    await client.end(true);
    return waiting;
  },
});
