import { createPartitions } from '../../../../main/protocol/messages/index.ts';
import type { RequestInput } from '../../../../main/protocol/schema/api.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

type Wanted = RequestInput<typeof createPartitions>['topics'][number];
const widen = (broker: PlayedBroker, topics: Wanted[], validateOnly = false) =>
  broker.ask(createPartitions, 3, { topics, timeoutMs: 30_000, validateOnly });
const from2 =
  (over: Partial<Wanted>, validateOnly = false) =>
  async (broker: PlayedBroker) => {
    const name = broker.named('t');
    await broker.topic(name, 2);
    const answer = await widen(broker, [{ name, count: 3, assignments: null, ...over }], validateOnly);
    if (answer.results[0]?.errorCode === 0 && !validateOnly) await broker.untilPartitions(name, over.count ?? 3);
    return { answer, partitions: (await broker.describe(name)).partitions.length };
  };

export const CREATE_PARTITIONS_CASES = casesOf('CreatePartitions', {
  'one more': from2({ count: 3 }),
  'only to be checked': from2({ count: 5 }, true),
  'as many as there are': from2({ count: 2 }),
  'as many as there are, only to be checked': from2({ count: 2 }, true),
  'fewer than there are': from2({ count: 1 }),
  none: from2({ count: 0 }),
  'a negative count': from2({ count: -1 }),
  'with an assignment': from2({ count: 3, assignments: [{ brokerIds: [1] }] }),
  'with too few assignments': from2({ count: 4, assignments: [{ brokerIds: [1] }] }),
  'with too many assignments': from2({ count: 3, assignments: [{ brokerIds: [1] }, { brokerIds: [1] }] }),
  'with an empty assignment': from2({ count: 3, assignments: [] }),
  'with an assignment to a broker that is not there': from2({ count: 3, assignments: [{ brokerIds: [9] }] }),
  'with an assignment to more brokers than the first partition has': from2({
    count: 3,
    assignments: [{ brokerIds: [1, 2] }],
  }),
  'with an assignment to one broker twice': from2({ count: 3, assignments: [{ brokerIds: [1, 1] }] }),
  'with an assignment to nobody': from2({ count: 3, assignments: [{ brokerIds: [] }] }),
  'of a topic that is not there': (broker) =>
    widen(broker, [{ name: broker.named('none'), count: 3, assignments: null }]),
  'of a topic whose name can’t be': (broker) => widen(broker, [{ name: 'a/b', count: 3, assignments: null }]),
  'a topic twice': async (broker) => {
    const name = broker.named('t');
    await broker.topic(name, 1);
    return widen(broker, [
      { name, count: 2, assignments: null },
      { name, count: 3, assignments: null },
    ]);
  },
  'several topics have an answer each': async (broker) => {
    await broker.topic(broker.named('a'));
    const topics = ['a', 'b'].map((stem) => ({ name: broker.named(stem), count: 2, assignments: null }));
    const { results } = await widen(broker, topics);
    return results.sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  'no topics': (broker) => widen(broker, []),
});
