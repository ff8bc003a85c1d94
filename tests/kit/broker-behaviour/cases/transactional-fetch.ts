import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, offsetAt, read, write } from '../requests.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

const COMMITTED = { isolationLevel: 1 };
const LATEST = -1n;

async function ready(broker: PlayedBroker) {
  const topic = broker.named('t');
  await broker.topic(topic);
  return { topic, producer: await TransactionalProducer.begun(broker) };
}

export const TRANSACTIONAL_FETCH_CASES = casesOf('Fetch', {
  'an open transaction is hidden from readers of committed records': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    return [await read(broker, topic, {}, COMMITTED), await read(broker, topic)];
  },
  'what comes behind an open transaction is hidden too': async (broker) => {
    const { topic, producer } = await ready(broker);
    await write(broker, topic, batch(['before']));
    await producer.write(topic, 0);
    await write(broker, topic, batch(['behind']));
    return read(broker, topic, {}, COMMITTED);
  },
  'a committed transaction is seen with its marker': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    await producer.ended(true);
    const { records, ...answer } = await read(broker, topic, {}, COMMITTED);
    return { ...answer, length: records?.length };
  },
  'an aborted transaction is named to readers of committed records': async (broker) => {
    const { topic, producer } = await ready(broker);
    await write(broker, topic, batch(['before']));
    await producer.write(topic, 0);
    await producer.ended(false);
    const { records, ...answer } = await read(broker, topic, {}, COMMITTED);
    return { ...answer, length: records?.length };
  },
  'an aborted transaction is not named to others': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    await producer.ended(false);
    return (await read(broker, topic)).abortedTransactions;
  },
  'an aborted transaction is named to whoever begins within it': async (broker) => {
    const { topic, producer } = await ready(broker);
    for (const sequence of [0, 1, 2]) await producer.write(topic, sequence);
    await producer.ended(false);
    return (await read(broker, topic, { fetchOffset: 2n }, COMMITTED)).abortedTransactions;
  },
  'an aborted transaction is not named to whoever begins behind it': async (broker) => {
    const { topic, producer } = await ready(broker);
    await producer.write(topic, 0);
    await producer.ended(false);
    await write(broker, topic, batch(['behind']));
    return read(broker, topic, { fetchOffset: 2n }, COMMITTED);
  },
  'several aborted transactions, and a committed one between them': async (broker) => {
    const { topic, producer } = await ready(broker);
    for (const committed of [false, true, false]) {
      await producer.write(topic, 0);
      await producer.ended(committed);
    }
    const { records: _, ...answer } = await read(broker, topic, {}, COMMITTED);
    return answer;
  },
  'the oldest of two open transactions holds the end': async (broker) => {
    const { topic, producer } = await ready(broker);
    const other = await TransactionalProducer.begun(broker, 'y');
    await producer.write(topic, 0);
    await other.write(topic, 0);
    await other.ended(true);
    const held = await read(broker, topic, {}, COMMITTED);
    await producer.ended(true);
    const { records: _, ...free } = await read(broker, topic, {}, COMMITTED);
    return [held, free];
  },
  'a transaction that timed out is let go': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    const producer = new TransactionalProducer(broker, broker.named('x'));
    await producer.init({ timeoutMs: 100 });
    await producer.write(topic, 0);
    await broker.until(
      () => producer.described(),
      ({ transactionState }) => transactionState === 'CompleteAbort',
    );
    const { records: _, ...answer } = await read(broker, topic, {}, COMMITTED);
    return answer;
  },
  'the last offset of readers of committed records is the end of what is decided': async (broker) => {
    const { topic, producer } = await ready(broker);
    await write(broker, topic, batch(['before']));
    await producer.write(topic, 0);
    const open = [
      await offsetAt(broker, topic, LATEST, { isolationLevel: 1 }),
      await offsetAt(broker, topic, LATEST, { isolationLevel: 0 }),
    ];
    await producer.ended(true);
    return [open, await offsetAt(broker, topic, LATEST, { isolationLevel: 1 })];
  },
});
