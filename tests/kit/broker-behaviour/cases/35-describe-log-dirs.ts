import { describeLogDirs } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, write } from '../requests.ts';

const describe = async (broker: PlayedBroker, topics: { topic: string; partitions: number[] }[] | null) => {
  const { results, ...rest } = await broker.ask(describeLogDirs, 4, { topics });
  return {
    ...rest,
    results: results.map(({ totalBytes, usableBytes, topics: found, ...result }) => ({
      ...result,
      hasSizes: totalBytes > 0n && usableBytes > 0n && usableBytes <= totalBytes,
      topics: found
        .filter(({ name }) => name.endsWith(broker.named('')))
        .map(({ name, partitions }) => ({
          name,
          partitions: partitions.sort((a, b) => a.partitionIndex - b.partitionIndex),
        })),
    })),
  };
};

export const DESCRIBE_LOG_DIRS_CASES = casesOf('DescribeLogDirs', {
  'a partition with its size': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 2);
    await write(broker, topic, batch(['a', 'b']));
    return describe(broker, [{ topic, partitions: [0, 1] }]);
  },
  everything: async (broker) => {
    await broker.topic(broker.named('t'), 2);
    return describe(broker, null);
  },
  'a partition of several': async (broker) => {
    await broker.topic(broker.named('t'), 3);
    return describe(broker, [{ topic: broker.named('t'), partitions: [1] }]);
  },
  'a partition that is not there': async (broker) => {
    await broker.topic(broker.named('t'));
    return describe(broker, [{ topic: broker.named('t'), partitions: [5] }]);
  },
  'a topic that is not there': (broker) => describe(broker, [{ topic: broker.named('none'), partitions: [0] }]),
  'no topics': (broker) => describe(broker, []),
});
