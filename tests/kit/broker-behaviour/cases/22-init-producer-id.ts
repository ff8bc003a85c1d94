import { initProducerId } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

const VERSIONS = [0, 1, 2, 3, 4, 5];

export const INIT_PRODUCER_ID_CASES = casesOf('InitProducerId', {
  ...Object.fromEntries(
    VERSIONS.flatMap((version) => [
      [
        `version ${version}: an idempotent producer has an id`,
        (broker: PlayedBroker) =>
          broker.ask(initProducerId, version, { transactionalId: null, transactionTimeoutMs: 60_000 }),
      ],
      [
        `version ${version}: a transactional id has the next epoch each time`,
        async (broker: PlayedBroker) => {
          const producer = new TransactionalProducer(broker, broker.named('x'));
          return [await producer.init({ version }), await producer.init({ version })];
        },
      ],
    ]),
  ),
  'an empty transactional id is refused': (broker) =>
    broker.ask(initProducerId, 5, { transactionalId: '', transactionTimeoutMs: 60_000 }),
  'a time-out of nothing is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ timeoutMs: 0 }),
  'a time-out below nothing is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ timeoutMs: -1 }),
  'the longest time-out is taken': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ timeoutMs: 900_000 }),
  'a longer time-out is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ timeoutMs: 900_001 }),
  'an idempotent producer’s time-out is not looked at': (broker) =>
    broker.ask(initProducerId, 5, { transactionalId: null, transactionTimeoutMs: -1 }),
  'an idempotent producer has a new id, whatever it brings': async (broker) => {
    const first = await broker.ask(initProducerId, 5, { transactionalId: null, transactionTimeoutMs: 1000 });
    const { producerId, producerEpoch } = first;
    const again = { transactionalId: null, transactionTimeoutMs: 1000, producerId, producerEpoch };
    return [first, await broker.ask(initProducerId, 5, again)];
  },
  'an idempotent producer with half an identity': (broker) =>
    broker.ask(initProducerId, 5, {
      transactionalId: null,
      transactionTimeoutMs: 1000,
      producerId: 5n,
      producerEpoch: -1,
    }),
  'an id without an epoch is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ expected: { producerId: 5n, producerEpoch: -1 } }),
  'an epoch without an id is refused': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ expected: { producerId: -1n, producerEpoch: 5 } }),
  'an id that is new takes no notice of what it brings': (broker) =>
    new TransactionalProducer(broker, broker.named('x')).init({ expected: { producerId: 5n, producerEpoch: 5 } }),
  'the next epoch of its own, and the same again': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    const expected = producer.identity;
    return [await producer.init({ expected }), await producer.init({ expected })];
  },
  'an older epoch than the last is fenced': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    const expected = producer.identity;
    await producer.init();
    await producer.init();
    return producer.init({ expected });
  },
  'an epoch that was taken over is fenced': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    const expected = producer.identity;
    await producer.init();
    return producer.init({ expected });
  },
  'an epoch that was taken over is fenced as older clients know it': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    const expected = producer.identity;
    await producer.init();
    return producer.init({ expected, version: 3 });
  },
  'an epoch that nobody had is fenced': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    return producer.init({ expected: { ...producer.identity, producerEpoch: 9 } });
  },
  'another id’s epoch is fenced': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    return producer.init({ expected: { producerId: producer.identity.producerId + 1_000_000n, producerEpoch: 0 } });
  },
  'an open transaction is aborted by the next producer': async (broker) => {
    await broker.topic(broker.named('t'));
    const producer = await TransactionalProducer.begun(broker);
    await producer.add(broker.named('t'), [0]);
    const old = producer.identity;
    return [await producer.init(), await producer.described(), await producer.end(true, { as: old })];
  },
  'an open transaction is aborted by its own producer’s next epoch': async (broker) => {
    await broker.topic(broker.named('t'));
    const producer = await TransactionalProducer.begun(broker);
    await producer.add(broker.named('t'), [0]);
    return [await producer.init({ expected: producer.identity }), await producer.described()];
  },
  'a transaction that was open for too long is aborted, and its producer goes on': async (broker) => {
    await broker.topic(broker.named('t'));
    const producer = new TransactionalProducer(broker, broker.named('x'));
    await producer.init({ timeoutMs: 100 });
    await producer.add(broker.named('t'), [0]);
    const timedOut = await broker.until(
      () => producer.described(),
      ({ transactionState }) => transactionState === 'CompleteAbort',
    );
    const late = [await producer.end(true, { version: 4 }), await producer.add(broker.named('t'), [0])];
    return [timedOut, late, await producer.init({ expected: producer.identity })];
  },
});

const ask = (broker: PlayedBroker, producerId = -1n, producerEpoch = -1) =>
  broker.ask(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 0, producerId, producerEpoch });

export const IDEMPOTENT_INIT_CASES = casesOf('InitProducerId', {
  'every idempotent producer has an id of its own': async (broker) => {
    const [a, b] = [await ask(broker), await ask(broker)];
    return [a, b, b.producerId > a.producerId];
  },
  'an idempotent producer that brings an id has a new one': async (broker) => {
    const { producerId } = await ask(broker);
    return ask(broker, producerId, 0);
  },
  'an idempotent producer’s id without an epoch is refused': (broker) => ask(broker, 5n, -1),
  'an idempotent producer’s epoch without an id is refused': (broker) => ask(broker, -1n, 5),
});
