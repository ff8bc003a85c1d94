import { casesOf } from '../behaviour.ts';
import { beat, beatAs, join, leave, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

export const LEAVE_GROUP_CASES = casesOf('LeaveGroup', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].flatMap((version) => [
      [
        `version ${version}: a member leaves`,
        async (broker: PlayedBroker) => {
          const member = await stable(broker, broker.named('g'));
          return [
            await leave(broker, broker.named('g'), [member], version),
            await beatAs(broker, broker.named('g'), member),
          ];
        },
      ],
      [
        `version ${version}: a member that the group does not know is told so`,
        async (broker: PlayedBroker) => {
          await stable(broker, broker.named('g'));
          return leave(broker, broker.named('g'), [{ memberId: 'nobody' }], version);
        },
      ],
    ]),
  ),
  'an empty group id is refused': (broker) => leave(broker, '', [{ memberId: 'm' }]),
  'a group that is not there has no such member': (broker) => leave(broker, broker.named('g'), [{ memberId: 'm' }]),
  'a group that is not there has no such member, for older clients': (broker) =>
    leave(broker, broker.named('g'), [{ memberId: 'm' }], 2),
  'nobody may leave': async (broker) => {
    await stable(broker, broker.named('g'));
    return leave(broker, broker.named('g'), []);
  },
  'a static member leaves by its instance alone': async (broker) => {
    await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return leave(broker, broker.named('g'), [{ memberId: '', groupInstanceId: 'i' }]);
  },
  'a static member under another id is fenced': async (broker) => {
    await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return leave(broker, broker.named('g'), [{ memberId: 'other', groupInstanceId: 'i' }]);
  },
  'an instance that the group does not know is unknown': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return leave(broker, broker.named('g'), [{ memberId: member.memberId, groupInstanceId: 'i' }]);
  },
  'some leave and some are unknown': async (broker) => {
    const member = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return leave(broker, broker.named('g'), [
      { memberId: 'nobody' },
      { memberId: member.memberId, groupInstanceId: 'i' },
      { memberId: '', groupInstanceId: 'j' },
    ]);
  },
  'one that leaves twice in a request': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return leave(broker, broker.named('g'), [member, member]);
  },
  'a member that has only its id leaves': async (broker) => {
    const { memberId } = await join(broker, broker.named('g'));
    return [
      await leave(broker, broker.named('g'), [{ memberId }]),
      await join(broker, broker.named('g'), { memberId }),
    ];
  },
  'a member of the new protocol that is not static can’t be made to leave': async (broker) => {
    await topicForGroups(broker, broker.named('t'));
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [broker.named('t')] });
    return leave(broker, broker.named('g'), [{ memberId: 'm' }]);
  },
  'a static member of the new protocol is made to leave': async (broker) => {
    await topicForGroups(broker, broker.named('t'));
    const names = { subscribedTopicNames: [broker.named('t')], instanceId: 'i' };
    await beat(broker, broker.named('g'), 'm', 0, names);
    return [
      await leave(broker, broker.named('g'), [{ memberId: '', groupInstanceId: 'i' }]),
      await beat(broker, broker.named('g'), 'm', 2),
    ];
  },
});
