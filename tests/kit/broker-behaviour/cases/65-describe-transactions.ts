import { describeTransactions } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

const described = (broker: PlayedBroker, ids: readonly string[]) =>
  broker.ask(describeTransactions, 0, { transactionalIds: [...ids] });

async function producerOf(broker: PlayedBroker) {
  await broker.topic(broker.named('t'));
  return TransactionalProducer.begun(broker);
}

export const DESCRIBE_TRANSACTIONS_CASES = casesOf('DescribeTransactions', {
  'an id that has begun nothing': async (broker) => (await producerOf(broker)).described(),
  'an open transaction': async (broker) => {
    const producer = await producerOf(broker);
    await producer.write(broker.named('t'), 0);
    return producer.described();
  },
  'an open transaction of version 0': async (broker) => {
    const producer = await producerOf(broker);
    await producer.add(broker.named('t'), [0]);
    return producer.described();
  },
  'a transaction that was committed': async (broker) => {
    const producer = await producerOf(broker);
    await producer.write(broker.named('t'), 0);
    await producer.ended(true);
    return producer.described();
  },
  'a transaction that was aborted': async (broker) => {
    const producer = await producerOf(broker);
    await producer.write(broker.named('t'), 0);
    await producer.ended(false);
    return producer.described();
  },
  'an id that is not there': (broker) => described(broker, [broker.named('x')]),
  'the empty id': (broker) => described(broker, ['']),
  'several ids': async (broker) => {
    await producerOf(broker);
    return described(broker, [broker.named('x'), broker.named('y')]);
  },
  'no ids': (broker) => described(broker, []),
});
