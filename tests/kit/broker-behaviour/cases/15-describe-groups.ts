import { describeGroups } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { anotherConnection, beat, beatAs, commit, joinWhole, leave, stable } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const described = (broker: PlayedBroker, groups: readonly string[], version = 6) =>
  broker.ask(describeGroups, version, { groups: [...groups], includeAuthorizedOperations: false });

export const DESCRIBE_GROUPS_CASES = casesOf('DescribeGroups', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6].flatMap((version) => [
      [
        `version ${version}: a group with its member`,
        async (broker: PlayedBroker) => {
          await stable(broker, broker.named('g'), version >= 4 ? { groupInstanceId: 'i' } : {});
          return described(broker, [broker.named('g')], version);
        },
      ],
      [
        `version ${version}: a group that is not there`,
        (broker: PlayedBroker) => described(broker, [broker.named('g')], version),
      ],
    ]),
  ),
  'a group that waits for its parts': async (broker) => {
    await joinWhole(broker, broker.named('g'));
    return described(broker, [broker.named('g')]);
  },
  'a group that waits for its members': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    const other = await anotherConnection(broker);
    void joinWhole(other, broker.named('g')).catch(() => undefined);
    await broker.until(
      () => beatAs(broker, broker.named('g'), member),
      ({ errorCode }) => errorCode !== 0,
    );
    const { groups } = await described(broker, [broker.named('g')]);
    const [group] = groups;
    // Kafka's order is that of a hash table.
    const ofFirst = (each: { memberAssignment: Buffer }) => each.memberAssignment.length > 0;
    return { ...group, members: group?.members.sort((a, b) => Number(ofFirst(b)) - Number(ofFirst(a))) };
  },
  'a group whose members left': async (broker) => {
    const member = await stable(broker, broker.named('g'));
    await leave(broker, broker.named('g'), [member]);
    return described(broker, [broker.named('g')]);
  },
  'a group that has offsets alone': async (broker) => {
    await broker.topic(broker.named('t'));
    await commit(broker, broker.named('g'), { name: broker.named('t') });
    return described(broker, [broker.named('g')]);
  },
  'a group of another protocol type': async (broker) => {
    await stable(broker, broker.named('g'), {
      protocolType: 'connect',
      protocols: [{ name: 'sessioned', metadata: Buffer.from('where') }],
    });
    return described(broker, [broker.named('g')]);
  },
  'a group of the new protocol is none of these': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [] });
    return described(broker, [broker.named('g')]);
  },
  'a group of the new protocol is none of these for older clients': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [] });
    return described(broker, [broker.named('g')], 5);
  },
  'several groups': async (broker) => {
    await stable(broker, broker.named('a'));
    return described(broker, [broker.named('a'), broker.named('b'), broker.named('a')]);
  },
  'no groups': (broker) => described(broker, []),
});
