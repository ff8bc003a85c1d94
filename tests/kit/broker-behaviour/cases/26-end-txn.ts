import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

/** A producer that has written a record, by requests of the transaction's version. */
async function written(broker: PlayedBroker, version: 0 | 2) {
  const topic = broker.named('t');
  await broker.topic(topic, 2);
  const producer = await TransactionalProducer.begun(broker);
  if (version === 0) await producer.add(topic, [0]);
  await producer.write(topic, 0, { version: version === 0 ? 11 : 12 });
  return { topic, producer };
}

export const END_TXN_CASES = casesOf('EndTxn', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].flatMap((version) =>
      [true, false].flatMap((committed) => [
        [
          `version ${version}: a transaction is ${committed ? 'committed' : 'aborted'}`,
          async (broker: PlayedBroker) => {
            const { producer } = await written(broker, version < 5 ? 0 : 2);
            return [await producer.ended(committed, { version }), await producer.described()];
          },
        ],
        [
          `version ${version}: nothing was begun that could be ${committed ? 'committed' : 'aborted'}`,
          async (broker: PlayedBroker) => {
            const producer = await TransactionalProducer.begun(broker);
            return [await producer.ended(committed, { version }), await producer.described()];
          },
        ],
      ]),
    ),
  ),
  ...Object.fromEntries(
    [0, 1, 2, 5].map((version) => [
      `version ${version}: an epoch that was taken over is fenced`,
      async (broker: PlayedBroker) => {
        const { producer } = await written(broker, 0);
        const old = producer.identity;
        await producer.init();
        return producer.end(true, { version, as: old });
      },
    ]),
  ),
  'version 4: the same end again is fine, the other is not': async (broker) => {
    const { producer } = await written(broker, 0);
    await producer.ended(true, { version: 4 });
    return [await producer.end(true, { version: 4 }), await producer.end(false, { version: 4 })];
  },
  'version 5: the same end again is fine, the other is not': async (broker) => {
    const { producer } = await written(broker, 2);
    const old = producer.identity;
    await producer.ended(true);
    return [await producer.end(true, { as: old }), await producer.end(false, { as: old })];
  },
  'version 5: an abort again is fine, a commit is not': async (broker) => {
    const { producer } = await written(broker, 2);
    const old = producer.identity;
    await producer.ended(false);
    return [await producer.end(false, { as: old }), await producer.end(true, { as: old })];
  },
  'version 5: the next epoch has nothing to commit, and may abort that': async (broker) => {
    const { producer } = await written(broker, 2);
    await producer.ended(true);
    return [await producer.end(true), await producer.ended(false), await producer.described()];
  },
  'version 5: what was added by an older client is ended': async (broker) => {
    const { producer } = await written(broker, 0);
    return [await producer.ended(true), await producer.described()];
  },
  'version 4: what was added by a newer client is ended': async (broker) => {
    const { producer } = await written(broker, 2);
    return [await producer.ended(true, { version: 4 }), await producer.described()];
  },
  'version 5: one that timed out can be aborted still, not committed': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    const producer = new TransactionalProducer(broker, broker.named('x'));
    await producer.init({ timeoutMs: 100 });
    await producer.write(topic, 0);
    await broker.until(
      () => producer.described(),
      ({ transactionState }) => transactionState === 'CompleteAbort',
    );
    return [await producer.end(true), await producer.end(false)];
  },
  'a newer epoch than the last is fenced': async (broker) => {
    const { producer } = await written(broker, 0);
    return producer.end(true, { as: { ...producer.identity, producerEpoch: 9 } });
  },
  'another producer id is refused': async (broker) => {
    const { producer } = await written(broker, 0);
    return producer.end(true, { as: { producerId: 1_000_000n, producerEpoch: 0 } });
  },
  'a transactional id that is not there is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).end(true, { as: { producerId: 1n, producerEpoch: 0 } }),
  'an empty transactional id is refused': (broker) =>
    new TransactionalProducer(broker, '').end(true, { as: { producerId: 1n, producerEpoch: 0 } }),
});
