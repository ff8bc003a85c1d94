import { casesOf } from '../behaviour.ts';
import { anotherConnection, beatAs, joinWhole, stable, sync } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

export const SYNC_GROUP_CASES = casesOf('SyncGroup', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map((version) => [
      `version ${version}: the leader hands out the parts and has its own`,
      async (broker: PlayedBroker) => {
        const { memberId, generationId } = await joinWhole(broker, broker.named('g'));
        const member = { memberId, generationId, instance: null };
        const assignments = [{ memberId, assignment: Buffer.from('mine') }];
        return [
          await sync(broker, broker.named('g'), member, { version, assignments }),
          await sync(broker, broker.named('g'), member, { version }),
        ];
      },
    ]),
  ),
  'an empty group id is refused': (broker) => sync(broker, '', { memberId: 'm', generationId: 1, instance: null }),
  'a group that is not there has no such member': (broker) =>
    sync(broker, broker.named('g'), { memberId: 'm', generationId: 1, instance: null }),
  'a member that the group does not know is refused': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return sync(broker, broker.named('g'), { ...member, memberId: 'nobody' });
  },
  'another generation is refused': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return [
      await sync(broker, broker.named('g'), { ...member, generationId: member.generationId + 1 }),
      await sync(broker, broker.named('g'), { ...member, generationId: member.generationId - 1 }),
    ];
  },
  'another protocol type is refused': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return sync(broker, broker.named('g'), member, { protocolType: 'connect' });
  },
  'another protocol is refused': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return sync(broker, broker.named('g'), member, { protocolName: 'roundrobin' });
  },
  'a client that does not name the protocol is let in': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return sync(broker, broker.named('g'), member, { protocolType: null, protocolName: null });
  },
  'a member without a part has an empty one': async (broker) => {
    const { memberId, generationId } = await joinWhole(broker, broker.named('g'));
    return sync(broker, broker.named('g'), { memberId, generationId, instance: null });
  },
  'a part for somebody who is not in the group is nobody’s': async (broker) => {
    const { memberId, generationId } = await joinWhole(broker, broker.named('g'));
    const assignments = [{ memberId: 'stranger', assignment: Buffer.from('x') }];
    return sync(broker, broker.named('g'), { memberId, generationId, instance: null }, { assignments });
  },
  'a member is told to join again while others are awaited': async (broker) => {
    const group = broker.named('g');
    const member = await stable(broker, group);
    const other = await anotherConnection(broker);
    void joinWhole(other, group).catch(() => undefined);
    await broker.until(
      () => beatAs(broker, group, member),
      ({ errorCode }) => errorCode !== 0,
    );
    return sync(broker, group, member);
  },
  'a fenced static member is told so': async (broker) => {
    const member = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return sync(broker, broker.named('g'), { ...member, memberId: 'other' });
  },
  'an instance that the group does not know is unknown': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return sync(broker, broker.named('g'), { ...member, instance: 'i' });
  },
});
