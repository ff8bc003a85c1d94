import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, write } from '../requests.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

async function ready(broker: PlayedBroker) {
  const topic = broker.named('t');
  await broker.topic(topic, 2);
  return { topic, producer: await TransactionalProducer.begun(broker) };
}

export const TRANSACTIONAL_PRODUCE_CASES = casesOf('Produce', {
  ...Object.fromEntries(
    [3, 8, 9, 10, 11, 12].flatMap((version) => [
      [
        `version ${version}: a record within a transaction whose partition was added`,
        async (broker: PlayedBroker) => {
          const { topic, producer } = await ready(broker);
          await producer.add(topic, [0]);
          return producer.write(topic, 0, { version });
        },
      ],
      [
        `version ${version}: a record within a transaction whose partition was not added`,
        async (broker: PlayedBroker) => {
          const { topic, producer } = await ready(broker);
          return [await producer.write(topic, 0, { version }), await producer.described()];
        },
      ],
      [
        `version ${version}: a record of an epoch that was taken over`,
        async (broker: PlayedBroker) => {
          const { topic, producer } = await ready(broker);
          const old = producer.identity;
          await producer.init();
          return producer.write(topic, 0, { version, as: old });
        },
      ],
    ]),
  ),
  'a transactional record by another id': async (broker) => {
    const { topic, producer } = await ready(broker);
    return [
      await producer.write(topic, 0, { id: broker.named('other') }),
      await producer.write(topic, 0, { id: broker.named('other'), version: 11 }),
    ];
  },
  'a transactional record without an id': async (broker) => {
    const { topic, producer } = await ready(broker);
    const records = batch(['a'], { ...producer.identity, baseSequence: 0, transactional: true });
    return (await write(broker, topic, records, { version: 12 })).errorCode;
  },
  'a transactional record of another producer id': async (broker) => {
    const { topic, producer } = await ready(broker);
    return producer.write(topic, 0, { as: { producerId: 1_000_000n, producerEpoch: 0 } });
  },
  'a transactional record of an epoch that nobody had': async (broker) => {
    const { topic, producer } = await ready(broker);
    return producer.write(topic, 0, { as: { ...producer.identity, producerEpoch: 9 } });
  },
  'a transactional record for a partition that is not there': async (broker) => {
    const { topic, producer } = await ready(broker);
    return [await producer.write(topic, 0, { partition: 7 }), await producer.described()];
  },
  'a record outside of its producer’s open transaction': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    const records = batch(['a'], { ...producer.identity, baseSequence: 1 });
    return (await write(broker, topic, records, { version: 12 })).errorCode;
  },
  'a transaction’s records come twice': async (broker) => {
    const { topic, producer } = await ready(broker);
    return [await producer.write(topic, 0), await producer.write(topic, 0), await producer.write(topic, 1)];
  },
  'a gap in the sequence of a transaction': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    return producer.write(topic, 5);
  },
  'a producer that has written nothing begins with sequence 0 in version 2': async (broker) => {
    const { topic, producer } = await ready(broker);
    return [await producer.write(topic, 5), await producer.write(topic, 0)];
  },
  'a producer that has written nothing begins with any sequence in version 0': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.add(topic, [0]);
    return [await producer.write(topic, 5, { version: 11 }), await producer.write(topic, 0, { version: 11 })];
  },
  'the next transaction of version 2 begins with sequence 0': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    await producer.ended(true);
    return [await producer.write(topic, 1), await producer.write(topic, 0), await producer.write(topic, 1)];
  },
  'the next transaction of version 0 goes on with the sequence': async (broker) => {
    const { topic, producer } = await ready(broker);
    for (const sequence of [0, 1]) {
      await producer.add(topic, [0]);
      await producer.write(topic, sequence, { version: 11 });
      await producer.ended(true, { version: 4 });
    }
    await producer.add(topic, [0]);
    return [await producer.write(topic, 3, { version: 11 }), await producer.write(topic, 2, { version: 11 })];
  },
  'a record that comes after its transaction’s end': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.add(topic, [0]);
    await producer.write(topic, 0, { version: 11 });
    await producer.ended(true, { version: 4 });
    return [await producer.write(topic, 1, { version: 11 }), await producer.write(topic, 1, { version: 9 })];
  },
});
