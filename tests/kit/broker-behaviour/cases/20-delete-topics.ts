import { deleteTopics } from '../../../../main/protocol/messages/index.ts';
import { ZERO_UUID } from '../../../../main/protocol/schema/uuid.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

const NOBODY = 'AAAAAAAAAAAAAAAAAAABBw';
const remove = (broker: PlayedBroker, topics: { name: string | null; topicId?: string }[]) =>
  broker.ask(deleteTopics, 6, {
    topics: topics.map(({ name, topicId = ZERO_UUID }) => ({ name, topicId })),
    timeoutMs: 30_000,
  });
const sorted = async (answer: ReturnType<typeof remove>) => {
  const { responses, ...rest } = await answer;
  return { ...rest, responses: responses.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1)) };
};

export const DELETE_TOPICS_CASES = casesOf('DeleteTopics', {
  'by name': async (broker) => {
    await broker.topic(broker.named('t'));
    return remove(broker, [{ name: broker.named('t') }]);
  },
  'by id': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return remove(broker, [{ name: null, topicId }]);
  },
  'by name in version 5': async (broker) => {
    await broker.topic(broker.named('t'));
    return broker.ask(deleteTopics, 5, { topics: [], topicNames: [broker.named('t')], timeoutMs: 30_000 });
  },
  'a topic that is not there': (broker) => remove(broker, [{ name: broker.named('none') }]),
  'an id that is nobody’s': (broker) => remove(broker, [{ name: null, topicId: NOBODY }]),
  'neither name nor id': (broker) => remove(broker, [{ name: null }]),
  'name and id': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return remove(broker, [{ name: broker.named('t'), topicId }]);
  },
  'a name twice': async (broker) => {
    await broker.topic(broker.named('t'));
    const answer = await remove(broker, [{ name: broker.named('t') }, { name: broker.named('t') }]);
    return { answer, isThere: (await broker.describe(broker.named('t'))).errorCode === 0 };
  },
  'an id twice': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return remove(broker, [
      { name: null, topicId },
      { name: null, topicId },
    ]);
  },
  'one topic by name and by id': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return sorted(remove(broker, [{ name: broker.named('t') }, { name: null, topicId }]));
  },
  'several topics have an answer each': async (broker) => {
    await broker.topic(broker.named('a'));
    await broker.topic(broker.named('c'));
    return sorted(
      remove(
        broker,
        ['a', 'b', 'c'].map((stem) => ({ name: broker.named(stem) })),
      ),
    );
  },
  'a name that can’t be': (broker) => remove(broker, [{ name: '../x' }]),
  'no topics': (broker) => remove(broker, []),
  'a topic can be made again, with another id': async (broker) => {
    const first = await broker.topic(broker.named('t'));
    await broker.deleteTopic(broker.named('t'));
    const second = await broker.topic(broker.named('t'));
    return [first.topicId, second.topicId].map((topicId) => ({ topicId }));
  },
});
