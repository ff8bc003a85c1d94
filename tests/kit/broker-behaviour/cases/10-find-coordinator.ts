import { type FindCoordinatorResponse, findCoordinator } from '../../../../main/protocol/messages/index.ts';
import { casesOf, differing } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

export const FIND_COORDINATOR_CASES = casesOf('FindCoordinator', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6].map((version) => [
      `version ${version}: of a group`,
      (broker: PlayedBroker) =>
        broker.ask(
          findCoordinator,
          version,
          version < 4 ? { key: broker.named('g') } : { coordinatorKeys: [broker.named('g')] },
        ),
    ]),
  ),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((version) => [
      `version ${version}: of a transactional id`,
      (broker: PlayedBroker) =>
        broker.ask(
          findCoordinator,
          version,
          version < 4 ? { key: broker.named('x'), keyType: 1 } : { coordinatorKeys: [broker.named('x')], keyType: 1 },
        ),
    ]),
  ),
  'of several groups': (broker) =>
    broker.ask(findCoordinator, 4, { coordinatorKeys: [broker.named('a'), broker.named('b')] }),
  'of no group': (broker) => broker.ask(findCoordinator, 4, { coordinatorKeys: [] }),
  'of the group with the empty name': (broker) => broker.ask(findCoordinator, 4, { coordinatorKeys: [''] }),
  'of a key type that is none': async (broker) => {
    const { coordinators } = await broker.ask(findCoordinator, 4, { coordinatorKeys: [broker.named('g')], keyType: 7 });
    // The message is Kafka’s general one, which speaks of its logs.
    return coordinators.map(({ errorMessage: _, ...coordinator }) => coordinator);
  },
  'of a share group': differing(
    (broker) => broker.ask(findCoordinator, 6, { coordinatorKeys: ['g:topicNtopicNtopicNtopA:0'], keyType: 2 }),
    {
      sandbox: (kafka: FindCoordinatorResponse) => ({
        ...kafka,
        coordinators: [
          { key: 'g:topicNtopicNtopicNtopA:0', nodeId: -1, host: '', port: -1, errorCode: 42, errorMessage: '' },
        ],
      }),
      why: 'share groups are not kept, so that they have no coordinator',
    },
  ),
  'of a share group by a client that is too old for them': (broker) =>
    broker.ask(findCoordinator, 5, { coordinatorKeys: ['g:topicNtopicNtopicNtopA:0'], keyType: 2 }),
});
