import { Errors } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import {
  anotherConnection,
  beat,
  beatAs,
  join,
  joinWhole,
  leave,
  stable,
  subscription,
  sync,
} from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const EMPTY = Buffer.alloc(0);

/** Two members of one group whose generation is whole; the second brings `over`. */
async function two(broker: PlayedBroker, group: string, over: Parameters<typeof join>[2] = {}) {
  const first = await stable(broker, group);
  const other = await anotherConnection(broker);
  const second = joinWhole(other, group, over);
  await broker.until(
    () => beatAs(broker, group, first),
    ({ errorCode }) => errorCode === Errors.REBALANCE_IN_PROGRESS,
  );
  await join(broker, group, { memberId: first.memberId });
  return { first, second: await second };
}

export const JOIN_GROUP_CASES = casesOf('JoinGroup', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((version) => [
      `version ${version}: a first member joins and leads`,
      async (broker: PlayedBroker) => {
        const group = broker.named('g');
        const first = await join(broker, group, { version });
        if (first.errorCode !== Errors.MEMBER_ID_REQUIRED) return first;
        return [first, await join(broker, group, { version, memberId: first.memberId })];
      },
    ]),
  ),
  'a static member needs no second request': (broker) => join(broker, broker.named('g'), { groupInstanceId: 'i' }),
  'a first generation does not wait for those who have only an id': async (broker) => {
    await join(broker, broker.named('g'));
    return join(await anotherConnection(broker), broker.named('g'), { groupInstanceId: 'i' });
  },
  'an empty group id is refused': (broker) => join(broker, ''),
  'an empty protocol type is refused': (broker) => join(broker, broker.named('g'), { protocolType: '' }),
  'a member without protocols is refused': (broker) => join(broker, broker.named('g'), { protocols: [] }),
  'a session time-out below the smallest is refused': (broker) =>
    join(broker, broker.named('g'), { sessionTimeoutMs: 499 }),
  'a session time-out above the largest is refused': (broker) =>
    join(broker, broker.named('g'), { sessionTimeoutMs: 1_800_001 }),
  'the bounds of the session time-out are taken': async (broker) => [
    await join(broker, broker.named('a'), { sessionTimeoutMs: 500, groupInstanceId: 'i' }),
    await join(broker, broker.named('b'), { sessionTimeoutMs: 1_800_000, groupInstanceId: 'i' }),
  ],
  'a member id in a group that is not there is unknown': (broker) =>
    join(broker, broker.named('g'), { memberId: 'nobody' }),
  'a member id that the group does not know is unknown': async (broker) => {
    await stable(broker, broker.named('g'));
    return join(broker, broker.named('g'), { memberId: 'nobody' });
  },
  'another protocol type than the group’s is refused': async (broker) => {
    await stable(broker, broker.named('g'));
    return join(broker, broker.named('g'), { protocolType: 'connect' });
  },
  'a member that has no protocol in common is refused': async (broker) => {
    await stable(broker, broker.named('g'));
    return join(broker, broker.named('g'), { protocols: [{ name: 'other', metadata: EMPTY }] });
  },
  'the only member may change its protocols': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return join(broker, broker.named('g'), {
      memberId: member.memberId,
      protocols: [{ name: 'other', metadata: Buffer.from('m') }],
    });
  },
  'any protocol type may be the first': (broker) =>
    join(broker, broker.named('g'), {
      protocolType: 'connect',
      groupInstanceId: 'i',
      protocols: [{ name: 'sessioned', metadata: Buffer.from('m') }],
    }),
  'the leader that joins again begins another generation': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return join(broker, broker.named('g'), { memberId: member.memberId });
  },
  'a member that joins again while the generation waits for its parts gets the same answer': async (broker) => {
    const first = await joinWhole(broker, broker.named('g'));
    return [first, await join(broker, broker.named('g'), { memberId: first.memberId })];
  },
  'a static member under a new id takes the place of the old': async (broker) => {
    const old = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    const back = await join(broker, broker.named('g'), { groupInstanceId: 'i' });
    const fenced = await join(broker, broker.named('g'), { groupInstanceId: 'i', memberId: old.memberId });
    return [old, back, fenced];
  },
  'a static member of an older client is not told that it leads': async (broker) => {
    const old = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    return [old, await join(broker, broker.named('g'), { groupInstanceId: 'i', version: 8 })];
  },
  'a static member that comes back with another subscription begins another generation': async (broker) => {
    const old = await stable(broker, broker.named('g'), { groupInstanceId: 'i' });
    const protocols = [{ name: 'range', metadata: subscription('t', 'u') }];
    return [old, await join(broker, broker.named('g'), { groupInstanceId: 'i', protocols })];
  },
  'an instance id that the group does not know is unknown with a member id': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    return join(broker, broker.named('g'), { groupInstanceId: 'i', memberId: member.memberId });
  },
  'a second member makes the first join again, which sees both': async (broker) => {
    const { first, second } = await two(broker, broker.named('g'));
    return { ...second, leader: second.leader === first.memberId };
  },
  'the protocol is one that both members support': async (broker) => {
    const protocols = [
      { name: 'roundrobin', metadata: subscription('t') },
      { name: 'range', metadata: subscription('t') },
    ];
    const { second } = await two(broker, broker.named('g'), { protocols });
    return second.protocolName;
  },
  'a member that does not join again in time is out': async (broker) => {
    const first = await stable(broker, broker.named('g'), { rebalanceTimeoutMs: 500 });
    const other = await anotherConnection(broker);
    const second = await joinWhole(other, broker.named('g'), { rebalanceTimeoutMs: 500 });
    return { ...second, gone: await join(broker, broker.named('g'), { memberId: first.memberId }) };
  },
  'a member that says nothing is out after its session time-out': async (broker) => {
    const member = await stable(broker, broker.named('g'), { sessionTimeoutMs: 500 });
    return broker.until(
      () => sync(broker, broker.named('g'), { ...member, memberId: 'other' }),
      ({ errorCode }) => errorCode !== 0,
    );
  },
  'a new member is answered as a first one in a group that was left': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    await leave(broker, broker.named('g'), [member]);
    return joinWhole(broker, broker.named('g'));
  },
  'a group that was left may have another protocol type': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    await leave(broker, broker.named('g'), [member]);
    return join(broker, broker.named('g'), { groupInstanceId: 'i', protocolType: 'connect' });
  },
  'a group of the new protocol that is empty goes on as a classic one': async (broker) => {
    await broker.topic(broker.named('t'));
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [broker.named('t')] });
    await beat(broker, broker.named('g'), 'm', -1);
    return joinWhole(broker, broker.named('g'));
  },
});
