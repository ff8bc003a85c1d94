import { deleteGroups } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, leave, offsetsOf, stable } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const deleted = (broker: PlayedBroker, groups: readonly string[], version = 2) =>
  broker.ask(deleteGroups, version, { groupsNames: [...groups] });

export const DELETE_GROUPS_CASES = casesOf('DeleteGroups', {
  ...Object.fromEntries(
    [0, 1, 2].map((version) => [
      `version ${version}: a group with offsets alone`,
      async (broker: PlayedBroker) => {
        await broker.topic(broker.named('t'));
        await commit(broker, broker.named('g'), { name: broker.named('t') });
        return [await deleted(broker, [broker.named('g')], version), await offsetsOf(broker, broker.named('g'))];
      },
    ]),
  ),
  'a group that is not there is told so': (broker) => deleted(broker, [broker.named('g')]),
  'a group with members is kept': async (broker) => {
    await stable(broker, broker.named('g'));
    return deleted(broker, [broker.named('g')]);
  },
  'a group whose members left is deleted, once': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    await leave(broker, broker.named('g'), [member]);
    return [await deleted(broker, [broker.named('g')]), await deleted(broker, [broker.named('g')])];
  },
  'a group of the new protocol with members is kept': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [] });
    return deleted(broker, [broker.named('g')]);
  },
  'a group of the new protocol whose members left is deleted': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [] });
    await beat(broker, broker.named('g'), 'm', -1);
    return [await deleted(broker, [broker.named('g')]), await deleted(broker, [broker.named('g')])];
  },
  'several groups, each with its own answer': async (broker) => {
    await stable(broker, broker.named('a'));
    const { results } = await deleted(broker, [broker.named('a'), broker.named('b')]);
    return results.sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  },
  'no groups': (broker) => deleted(broker, []),
});
