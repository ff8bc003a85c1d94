import { describeProducers, Errors } from '../../../../main/protocol/messages/index.ts';
import { casesOf, differing } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, THEN, write } from '../requests.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

const described = async (broker: PlayedBroker, topic: string, partitionIndexes: number[] = [0]) => {
  const answer = await broker.ask(describeProducers, 0, { topics: [{ name: topic, partitionIndexes }] });
  for (const { partitions } of answer.topics) partitions.sort((a, b) => a.partitionIndex - b.partitionIndex);
  return answer;
};

export const DESCRIBE_PRODUCERS_CASES = casesOf('DescribeProducers', {
  'nobody has written': async (broker) => {
    await broker.topic(broker.named('t'));
    return described(broker, broker.named('t'));
  },
  'a producer without an id is none': async (broker) => {
    await broker.topic(broker.named('t'));
    await write(broker, broker.named('t'), batch(['a']));
    return described(broker, broker.named('t'));
  },
  'an idempotent producer': async (broker) => {
    await broker.topic(broker.named('t'));
    await write(broker, broker.named('t'), batch(['a', 'b'], { producerId: 4000n, producerEpoch: 2, baseSequence: 0 }));
    const { topics } = await described(broker, broker.named('t'));
    const [producer] = topics[0]!.partitions[0]!.activeProducers;
    // Kafka takes the time of the records for that of the write.
    return { ...producer, lastTimestamp: 0n };
  },
  'a transaction that is open': async (broker) => {
    await broker.topic(broker.named('t'));
    const producer = await TransactionalProducer.begun(broker);
    await producer.write(broker.named('t'), 0);
    const { topics } = await described(broker, broker.named('t'));
    return { ...topics[0]!.partitions[0]!.activeProducers[0], lastTimestamp: 0n };
  },
  'a transaction that was committed': async (broker) => {
    await broker.topic(broker.named('t'));
    const producer = await TransactionalProducer.begun(broker);
    await producer.write(broker.named('t'), 0);
    await producer.ended(true);
    return described(broker, broker.named('t'));
  },
  'a transaction of version 0 that was committed': async (broker) => {
    await broker.topic(broker.named('t'));
    const producer = await TransactionalProducer.begun(broker);
    await producer.add(broker.named('t'), [0]);
    await producer.write(broker.named('t'), 0, { version: 11 });
    await producer.ended(true, { version: 4 });
    return described(broker, broker.named('t'));
  },
  'a partition that is not there, beside one that is': async (broker) => {
    await broker.topic(broker.named('t'));
    return described(broker, broker.named('t'), [0, 7]);
  },
  'a topic that is not there': async (broker) => {
    const { topics } = await described(broker, broker.named('nothing'));
    return topics[0]!.partitions[0]!.errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION ? topics : 'another code';
  },
  'no topics': (broker) => broker.ask(describeProducers, 0, { topics: [] }),
});

export const OTHER_DESCRIBE_PRODUCERS_CASES = casesOf('DescribeProducers', {
  'a producer of old records': differing(
    async (broker) => {
      const topic = broker.named('t');
      await broker.topic(topic);
      await write(broker, topic, batch(['a', 'b'], { producerId: 4000n, producerEpoch: 0, baseSequence: 0 }));
      const { topics } = await described(broker, topic);
      const { lastTimestamp } = topics[0]!.partitions[0]!.activeProducers[0]!;
      return lastTimestamp === THEN + 1n ? 'the time of its records' : 'the time when it wrote';
    },
    {
      sandbox: 'the time when it wrote',
      why: 'A producer is remembered by when it wrote; Kafka goes by the time of its records, and forgets at once who sends old ones.',
    },
  ),
  'a topic whose name can’t be': (broker) => described(broker, 'a/b'),
});
