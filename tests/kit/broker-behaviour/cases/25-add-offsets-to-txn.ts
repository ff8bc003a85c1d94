import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

export const ADD_OFFSETS_TO_TXN_CASES = casesOf('AddOffsetsToTxn', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].flatMap((version) => [
      [
        `version ${version}: the group’s partition is in the transaction`,
        async (broker: PlayedBroker) => {
          const producer = await TransactionalProducer.begun(broker);
          return [await producer.addOffsets(broker.named('g'), { version }), await producer.described()];
        },
      ],
      [
        `version ${version}: an epoch that was taken over is fenced`,
        async (broker: PlayedBroker) => {
          const producer = await TransactionalProducer.begun(broker);
          const old = producer.identity;
          await producer.init();
          return producer.addOffsets(broker.named('g'), { version, as: old });
        },
      ],
    ]),
  ),
  'twice is once': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    await producer.addOffsets(broker.named('g'));
    return [await producer.addOffsets(broker.named('g')), await producer.described()];
  },
  'another producer id is refused': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    return producer.addOffsets(broker.named('g'), { as: { producerId: 1_000_000n, producerEpoch: 0 } });
  },
  'a transactional id that is not there is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).addOffsets(broker.named('g'), {
      as: { producerId: 1n, producerEpoch: 0 },
    }),
  'an empty transactional id is refused': (broker) =>
    new TransactionalProducer(broker, '').addOffsets(broker.named('g'), { as: { producerId: 1n, producerEpoch: 0 } }),
});
