import { describeTopicPartitions } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

const ask = (
  broker: PlayedBroker,
  names: string[],
  responsePartitionLimit = 2000,
  cursor: { topicName: string; partitionIndex: number } | null = null,
) =>
  broker.askOrClosed(describeTopicPartitions, 0, {
    topics: names.map((name) => ({ name })),
    responsePartitionLimit,
    cursor,
  });

/** a with two partitions, b with three. */
async function two(broker: PlayedBroker) {
  const names = [broker.named('a'), broker.named('b')] as const;
  await broker.topic(names[0], 2);
  await broker.topic(names[1], 3);
  return names;
}

export const DESCRIBE_TOPIC_PARTITIONS_CASES = casesOf('DescribeTopicPartitions', {
  'topics in the order of their names': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [b, a]);
  },
  'a topic twice': async (broker) => {
    const [a] = await two(broker);
    return ask(broker, [a, a]);
  },
  'a topic that is not there': (broker) => ask(broker, [broker.named('none')]),
  'a topic whose name can’t be': (broker) => ask(broker, ['a/b']),
  'a page that ends within a topic': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 3);
  },
  'a page that ends with a topic': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 2);
  },
  'a page of one partition': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 1);
  },
  'a page of none': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 0);
  },
  'a page of fewer than none': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], -1);
  },
  'from a cursor on': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 2000, { topicName: b, partitionIndex: 1 });
  },
  'from a cursor at the end of a topic': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 2000, { topicName: a, partitionIndex: 2 });
  },
  'from a cursor before all': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 2000, { topicName: '', partitionIndex: 0 });
  },
  'from a cursor behind all': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 2000, { topicName: 'zzz', partitionIndex: 0 });
  },
  'from a cursor in a topic that is not there': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, broker.named('aa'), b], 2000, { topicName: broker.named('aa'), partitionIndex: 0 });
  },
  'from a cursor at a negative partition': async (broker) => {
    const [a, b] = await two(broker);
    return ask(broker, [a, b], 2000, { topicName: b, partitionIndex: -1 });
  },
});
