import { deleteRecords } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, offsetAt, read, write } from '../requests.ts';

const remove = (broker: PlayedBroker, name: string, offset: bigint, partitionIndex = 0) =>
  broker.ask(deleteRecords, 2, { topics: [{ name, partitions: [{ partitionIndex, offset }] }], timeoutMs: 30_000 });

/** Three records in two batches, and what is deleted before. */
async function topicOf(broker: PlayedBroker, configs: Record<string, string> = {}) {
  const topic = broker.named('t');
  await broker.topic(topic, 1, configs);
  await write(broker, topic, batch(['a', 'b']));
  await write(broker, topic, batch(['c']));
  return topic;
}
const removing = (offset: bigint) => async (broker: PlayedBroker) => {
  const topic = await topicOf(broker);
  const answer = await remove(broker, topic, offset);
  return { answer, earliest: await offsetAt(broker, topic, -2n), read: await read(broker, topic, { fetchOffset: 1n }) };
};

export const DELETE_RECORDS_CASES = casesOf('DeleteRecords', {
  'up to an offset': removing(2n),
  'up to an offset within a batch': removing(1n),
  'up to the end': removing(3n),
  'all that there are': removing(-1n),
  nothing: removing(0n),
  'up to beyond the end': removing(4n),
  'up to a negative offset': removing(-2n),
  'what was deleted before is not brought back': async (broker) => {
    const topic = await topicOf(broker);
    return [await remove(broker, topic, 2n), await remove(broker, topic, 1n)];
  },
  'what is gone can’t be read': async (broker) => {
    const topic = await topicOf(broker);
    await remove(broker, topic, 2n);
    return [await read(broker, topic, { fetchOffset: 1n }), await read(broker, topic, { fetchOffset: 2n })];
  },
  'a record that is written afterwards says where the log begins': async (broker) => {
    const topic = await topicOf(broker);
    await remove(broker, topic, 2n);
    return write(broker, topic, batch(['d']));
  },
  'of a topic that is compacted alone': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'cleanup.policy': 'compact' });
    return remove(broker, topic, 0n);
  },
  'of a topic that is compacted and deleted': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'cleanup.policy': 'compact,delete' });
    return remove(broker, topic, 0n);
  },
  'of a topic that is not there': (broker) => remove(broker, broker.named('none'), 0n),
  'of a partition that is not there': async (broker) => remove(broker, await topicOf(broker), 0n, 4),
  'of a topic of the broker’s own': (broker) => remove(broker, '__consumer_offsets', 0n),
  'no topics': (broker) => broker.ask(deleteRecords, 2, { topics: [], timeoutMs: 1000 }),
});
