import { casesOf } from '../behaviour.ts';
import { anotherConnection, beatAs, joinWhole, leave, stable } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

export const HEARTBEAT_CASES = casesOf('Heartbeat', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].map((version) => [
      `version ${version}: a member says that it is there`,
      async (broker: PlayedBroker) => {
        const member = await stable(broker, broker.named('g'));
        return beatAs(broker, broker.named('g'), member, version);
      },
    ]),
  ),
  'an empty group id is refused': (broker) => beatAs(broker, '', { memberId: 'm', generationId: 1, instance: null }),
  'a group that is not there has no such member': (broker) =>
    beatAs(broker, broker.named('g'), { memberId: 'm', generationId: 1, instance: null }),
  'an empty member id is unknown': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return beatAs(broker, broker.named('g'), { ...member, memberId: '' });
  },
  'another generation is refused': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return [
      await beatAs(broker, broker.named('g'), { ...member, generationId: member.generationId + 1 }),
      await beatAs(broker, broker.named('g'), { ...member, generationId: -1 }),
    ];
  },
  'a member whose group waits for its parts is fine': async (broker) => {
    const { memberId, generationId } = await joinWhole(broker, broker.named('g'));
    return beatAs(broker, broker.named('g'), { memberId, generationId, instance: null });
  },
  'a member is told that others come': async (broker) => {
    const group = broker.named('g');
    const member = await stable(broker, group);
    const other = await anotherConnection(broker);
    void joinWhole(other, group).catch(() => undefined);
    return broker.until(
      () => beatAs(broker, group, member),
      ({ errorCode }) => errorCode !== 0,
    );
  },
  'a member that left is unknown': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    await leave(broker, broker.named('g'), [member]);
    return beatAs(broker, broker.named('g'), member);
  },
  'a fenced static member is told so': async (broker) => {
    const member = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return beatAs(broker, broker.named('g'), { ...member, memberId: 'other' });
  },
  'an instance that the group does not know is unknown': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return beatAs(broker, broker.named('g'), { ...member, instance: 'i' });
  },
  'a static member is fine under its own id': async (broker) => {
    const member = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return beatAs(broker, broker.named('g'), member);
  },
});
