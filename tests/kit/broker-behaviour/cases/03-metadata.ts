import { Errors, metadata } from '../../../../main/protocol/messages/index.ts';
import type { RequestInput } from '../../../../main/protocol/schema/api.ts';
import { ZERO_UUID } from '../../../../main/protocol/schema/uuid.ts';
import { casesOf, differing } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

const ask = (
  broker: PlayedBroker,
  topics: RequestInput<typeof metadata>['topics'],
  over: Partial<RequestInput<typeof metadata>> & { version?: number } = {},
) => {
  const { version = 12, ...request } = over;
  return broker.ask(metadata, version, {
    topics,
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
    ...request,
  });
};
const NOBODY = 'AAAAAAAAAAAAAAAAAAABBw';

export const METADATA_CASES = casesOf('Metadata', {
  'a topic by name': async (broker) => {
    await broker.topic(broker.named('t'), 3);
    return ask(broker, [{ name: broker.named('t') }]);
  },
  'a topic by id': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'), 2);
    return ask(broker, [{ topicId, name: null }]);
  },
  'every topic': async (broker) => {
    await broker.topic(broker.named('t'), 2);
    const { topics, ...rest } = await ask(broker, null);
    return { ...rest, topics: topics.filter(({ name }) => name === broker.named('t')) };
  },
  'version 0 gives every topic for an empty list': async (broker) => {
    await broker.topic(broker.named('t'), 2);
    const { topics } = await ask(broker, [], { version: 0 });
    return topics.filter(({ name }) => name === broker.named('t'));
  },
  'version 1 gives none for an empty list': (broker) => ask(broker, [], { version: 1 }),
  'version 13 has an error code of its own': (broker) => ask(broker, [], { version: 13 }),
  'a topic that is not there': (broker) => ask(broker, [{ name: broker.named('none') }]),
  'an id that is nobody’s': (broker) => ask(broker, [{ topicId: NOBODY, name: null }]),
  'neither name nor id': differing(
    async (broker) => (await ask(broker, [{ topicId: ZERO_UUID, name: null }])).topics[0]!.errorCode,
    {
      sandbox: Errors.UNKNOWN_TOPIC_ID,
      why: 'A topic without name and id is UNKNOWN_TOPIC_ID; Kafka’s answer is UNKNOWN_SERVER_ERROR for the whole request.',
    },
  ),
  'name and id, which go together': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return ask(broker, [{ topicId, name: broker.named('t') }]);
  },
  'a name and the id of another': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return ask(broker, [{ topicId, name: broker.named('other') }]);
  },
  'an id in version 10, where it could not be asked by': async (broker) => {
    const { topicId } = await broker.topic(broker.named('t'));
    return broker.askOrClosed(metadata, 10, {
      topics: [{ topicId, name: broker.named('t') }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
  },
  'no name in version 11': (broker) =>
    broker.askOrClosed(metadata, 11, {
      topics: [{ topicId: ZERO_UUID, name: null }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    }),
  'a topic twice': async (broker) => {
    await broker.topic(broker.named('t'));
    return ask(broker, [{ name: broker.named('t') }, { name: broker.named('t') }]);
  },
  'what an asker may do with the cluster, version 8': (broker) =>
    ask(broker, [], { version: 8, includeClusterAuthorizedOperations: true }),
  'what an asker may do with a topic': async (broker) => {
    await broker.topic(broker.named('t'));
    return ask(broker, [{ name: broker.named('t') }], { includeTopicAuthorizedOperations: true });
  },
  'what an asker may do with a topic that is not there': (broker) =>
    ask(broker, [{ name: broker.named('none') }], { includeTopicAuthorizedOperations: true }),
  'internal topics are called that': async (broker) => {
    const { topics } = await ask(broker, [{ name: '__consumer_offsets' }, { name: '__transaction_state' }]);
    return topics.map(({ name, isInternal, errorCode }) => ({ name, isInternal, errorCode })).sort();
  },
  'the log of the cluster’s metadata is no topic': (broker) => ask(broker, [{ name: '__cluster_metadata' }]),
  'a topic is made by being named': async (broker) => {
    const { topics } = await broker.until(
      () => ask(broker, [{ name: broker.named('t') }], { allowAutoTopicCreation: true }),
      (answer) => answer.topics[0]?.errorCode === 0,
    );
    return topics;
  },
  'the first answer of a topic that is made by being named': differing(
    async (broker) =>
      (await ask(broker, [{ name: broker.named('t') }], { allowAutoTopicCreation: true })).topics[0]!.errorCode,
    {
      sandbox: 0,
      why: 'A topic that is made by being named is there in the same answer; Kafka first says that it is not.',
    },
  ),
  'version 0 to 3 always make a topic': async (broker) => {
    const { topics } = await broker.until(
      () => ask(broker, [{ name: broker.named('t') }], { version: 3 }),
      (answer) => answer.topics[0]?.errorCode === 0,
    );
    return topics;
  },
  'a topic is not made by an id': (broker) =>
    ask(broker, [{ topicId: NOBODY, name: null }], { allowAutoTopicCreation: true }),
  ...Object.fromEntries(
    [
      '',
      '.',
      '..',
      '../../etc/passwd',
      'a b',
      'a/b',
      'a\\b',
      'ä',
      'a\u0000b',
      'a:b',
      'x'.repeat(250),
      'a\nb',
      '%2e%2e',
      '__proto__x?',
    ].map((name) => [
      `the hostile name ${JSON.stringify(name.length > 30 ? 'x 250 times' : name)} is not made`,
      (broker: PlayedBroker) => ask(broker, [{ name }], { allowAutoTopicCreation: true }),
    ]),
  ),
  'a name that can’t be, when nothing is to be made': (broker) => ask(broker, [{ name: 'a b' }]),
  'the names of Object’s own are names like others': (broker) =>
    ask(broker, [{ name: '__proto__' }, { name: 'constructor' }, { name: 'toString' }, { name: 'hasOwnProperty' }]),
});
