import { listGroups } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, joinWhole, leave, stable } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

/** Of the case's own groups: one stable, one that waits, one that was left, one with offsets alone, one of the new protocol. */
async function listed(
  broker: PlayedBroker,
  { version = 5, states = [], types = [] }: { version?: number; states?: string[]; types?: string[] } = {},
) {
  await broker.topic(broker.named('t'));
  await stable(broker, broker.named('stable'));
  await joinWhole(broker, broker.named('waiting'));
  const member = await stable(broker, broker.named('left'), { protocolType: 'connect' });
  await leave(broker, broker.named('left'), [member]);
  await commit(broker, broker.named('offsets'), { name: broker.named('t') });
  await beat(broker, broker.named('new'), 'm', 0, { subscribedTopicNames: [] });
  const { groups, ...answer } = await broker.ask(listGroups, version, { statesFilter: states, typesFilter: types });
  const own = ['stable', 'waiting', 'left', 'offsets', 'new'].map((stem) => broker.named(stem));
  return {
    ...answer,
    groups: groups.filter(({ groupId }) => own.includes(groupId)).sort((a, b) => (a.groupId < b.groupId ? -1 : 1)),
  };
}

export const LIST_GROUPS_CASES = casesOf('ListGroups', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map((version) => [
      `version ${version}: every group`,
      (broker: PlayedBroker) => listed(broker, { version }),
    ]),
  ),
  'those in a state': (broker) => listed(broker, { states: ['Stable'] }),
  'those in several states': (broker) => listed(broker, { states: ['Empty', 'CompletingRebalance'] }),
  'states are read in any case': (broker) => listed(broker, { states: ['stable', 'EMPTY'] }),
  'a state that is none has no groups': (broker) => listed(broker, { states: ['Nope'] }),
  'those of the classic protocol': (broker) => listed(broker, { types: ['classic'] }),
  'those of the new protocol': (broker) => listed(broker, { types: ['consumer'] }),
  'types are read in any case': (broker) => listed(broker, { types: ['CONSUMER'] }),
  'those of a type and a state': (broker) => listed(broker, { types: ['classic'], states: ['Empty'] }),
  'a type that is none has no groups': (broker) => listed(broker, { types: ['nope'] }),
  'version 4: those in a state': (broker) => listed(broker, { version: 4, states: ['Stable'] }),
});
