import { addPartitionsToTxn } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

async function ready(broker: PlayedBroker) {
  const topic = broker.named('t');
  await broker.topic(topic, 2);
  return { topic, producer: await TransactionalProducer.begun(broker) };
}

export const ADD_PARTITIONS_TO_TXN_CASES = casesOf('AddPartitionsToTxn', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].flatMap((version) => [
      [
        `version ${version}: a transaction begins`,
        async (broker: PlayedBroker) => {
          const { topic, producer } = await ready(broker);
          return [await producer.add(topic, [0, 1], { version }), await producer.described()];
        },
      ],
      [
        `version ${version}: an epoch that was taken over is fenced`,
        async (broker: PlayedBroker) => {
          const { topic, producer } = await ready(broker);
          const old = producer.identity;
          await producer.init();
          return producer.add(topic, [0], { version, as: old });
        },
      ],
    ]),
  ),
  'a partition that is in it already': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.add(topic, [0]);
    return [await producer.add(topic, [0]), await producer.add(topic, [0, 1])];
  },
  'all or nothing: a partition that is not there': async (broker) => {
    const { topic, producer } = await ready(broker);
    return [await producer.add(topic, [0, 7]), await producer.described()];
  },
  'a topic that is not there': async (broker) => {
    const { producer } = await ready(broker);
    return producer.add(broker.named('nothing'), [0]);
  },
  'another producer id is refused': async (broker) => {
    const { topic, producer } = await ready(broker);
    return producer.add(topic, [0], { as: { producerId: 1_000_000n, producerEpoch: 0 } });
  },
  'a transactional id that is not there is refused': async (broker) => {
    const { topic } = await ready(broker);
    const stranger = new TransactionalProducer(broker, broker.named('stranger'));
    return stranger.add(topic, [0], { as: { producerId: 1n, producerEpoch: 0 } });
  },
  'an empty transactional id is refused': async (broker) => {
    const { topic } = await ready(broker);
    return new TransactionalProducer(broker, '').add(topic, [0], { as: { producerId: 1n, producerEpoch: 0 } });
  },
  'a newer epoch than the last is fenced': async (broker) => {
    const { topic, producer } = await ready(broker);
    return producer.add(topic, [0], { as: { ...producer.identity, producerEpoch: 9 } });
  },
  'verification: nothing is in a transaction that has not begun': async (broker) => {
    const { topic, producer } = await ready(broker);
    return producer.verify(topic, [0, 1]);
  },
  'verification: what is in it and what is not': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.add(topic, [0]);
    return [await producer.verify(topic, [0, 1], 4), await producer.verify(topic, [0, 1], 5)];
  },
  'verification: another epoch': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.add(topic, [0]);
    producer.identity = { ...producer.identity, producerEpoch: 9 };
    return producer.verify(topic, [0]);
  },
  'verification: another producer id': async (broker) => {
    const { topic, producer } = await ready(broker);
    producer.identity = { producerId: 1_000_000n, producerEpoch: 0 };
    return producer.verify(topic, [0]);
  },
  'several transactions in one request': async (broker) => {
    const { topic, producer } = await ready(broker);
    const other = await TransactionalProducer.begun(broker, 'y');
    const topics = [{ name: topic, partitions: [0] }];
    const asked = [producer, other].map(({ transactionalId, identity }) => ({
      transactionalId,
      ...identity,
      verifyOnly: false,
      topics,
    }));
    const answer = await broker.ask(addPartitionsToTxn, 5, { transactions: asked });
    const sorted = answer.resultsByTransaction.sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1));
    return { ...answer, resultsByTransaction: sorted };
  },
});
