import { listTransactions } from '../../../../main/protocol/messages/index.ts';
import type { RequestInput } from '../../../../main/protocol/schema/api.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

/** Of the case's own ids: one that has begun nothing, one that is open, one that was committed. */
async function listed(
  broker: PlayedBroker,
  { version = 2, ...over }: Partial<RequestInput<typeof listTransactions>> & { version?: number } = {},
) {
  await broker.topic(broker.named('t'));
  await TransactionalProducer.begun(broker, 'new');
  const open = await TransactionalProducer.begun(broker, 'open');
  await open.write(broker.named('t'), 0);
  const done = await TransactionalProducer.begun(broker, 'done');
  await done.write(broker.named('t'), 0);
  await done.ended(true);
  const answer = await broker.ask(listTransactions, version, {
    stateFilters: [],
    producerIdFilters: [],
    ...over,
  });
  const own = ['new', 'open', 'done'].map((stem) => broker.named(stem));
  return {
    ...answer,
    transactionStates: answer.transactionStates
      .filter(({ transactionalId }) => own.includes(transactionalId))
      .sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1)),
  };
}

export const LIST_TRANSACTIONS_CASES = casesOf('ListTransactions', {
  ...Object.fromEntries(
    [0, 1, 2].map((version) => [`version ${version}: all`, (broker: PlayedBroker) => listed(broker, { version })]),
  ),
  'those in a state': (broker) => listed(broker, { stateFilters: ['Ongoing'] }),
  'those in several states': (broker) => listed(broker, { stateFilters: ['Empty', 'CompleteCommit'] }),
  'a state that is none is told, and nothing is found': (broker) => listed(broker, { stateFilters: ['Nope'] }),
  'a state that is none beside one that is': (broker) => listed(broker, { stateFilters: ['Nope', 'Ongoing'] }),
  'states are told apart by their case': (broker) => listed(broker, { stateFilters: ['ongoing'] }),
  'those of a producer that is not there': (broker) => listed(broker, { producerIdFilters: [1_000_000n] }),
  'those of a producer': async (broker) => {
    const producer = await TransactionalProducer.begun(broker);
    const answer = await broker.ask(listTransactions, 2, {
      stateFilters: [],
      producerIdFilters: [producer.identity.producerId],
    });
    return answer;
  },
  'those that are open for long': (broker) => listed(broker, { durationFilter: 3_600_000n }),
  'those that are open at all': (broker) =>
    broker.until(
      () => listed(broker, { durationFilter: 1n }),
      ({ transactionStates }) => transactionStates.length > 0,
    ),
  'any duration': (broker) => listed(broker, { durationFilter: -1n }),
  'those whose id matches a pattern as a whole': (broker) =>
    listed(broker, { transactionalIdPattern: broker.named('o.*') }),
  'a pattern of a part finds nothing': (broker) => listed(broker, { transactionalIdPattern: 'ope' }),
  'an empty pattern finds all': (broker) => listed(broker, { transactionalIdPattern: '' }),
  'a pattern that is none is refused': (broker) => listed(broker, { transactionalIdPattern: '[' }),
  'a pattern that RE2 does not know is refused': (broker) => listed(broker, { transactionalIdPattern: 'a(?=b)' }),
  'a pattern and a state': (broker) =>
    listed(broker, { transactionalIdPattern: broker.named('.*'), stateFilters: ['Empty'] }),
});
