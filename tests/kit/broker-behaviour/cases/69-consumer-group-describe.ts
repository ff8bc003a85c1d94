import { consumerGroupDescribe } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const described = (broker: PlayedBroker, groups: readonly string[], version = 1) =>
  broker.ask(consumerGroupDescribe, version, { groupIds: [...groups], includeAuthorizedOperations: false });

export const CONSUMER_GROUP_DESCRIBE_CASES = casesOf('ConsumerGroupDescribe', {
  ...Object.fromEntries(
    [0, 1].map((version) => [
      `version ${version}: a group with its member`,
      async (broker: PlayedBroker) => {
        const topic = broker.named('t');
        await topicForGroups(broker, topic, 2);
        await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [topic], rackId: 'r', instanceId: 'i' });
        return described(broker, [broker.named('g')], version);
      },
    ]),
  ),
  'a group with two members, one of which has to give back': async (broker) => {
    const topic = broker.named('t');
    await topicForGroups(broker, topic, 2);
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [topic] });
    await beat(broker, broker.named('g'), 'n', 0, { subscribedTopicNames: [topic] });
    const { groups } = await described(broker, [broker.named('g')]);
    const [group] = groups;
    const count = ({ topicPartitions }: { topicPartitions: { partitions: number[] }[] }) =>
      topicPartitions.flatMap(({ partitions }) => partitions).length;
    return {
      ...group,
      members: group?.members
        .map((member) => ({
          ...member,
          assignment: count(member.assignment),
          targetAssignment: count(member.targetAssignment),
        }))
        .sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
    };
  },
  'a member without topics': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [] });
    return described(broker, [broker.named('g')]);
  },
  'a member with a pattern that matches nothing': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicRegex: 'nothing-at-all' });
    return described(broker, [broker.named('g')]);
  },
  'the assignor that its member wants': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [], serverAssignor: 'range' });
    return described(broker, [broker.named('g')]);
  },
  'a group whose members left': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [] });
    await beat(broker, broker.named('g'), 'm', -1);
    return described(broker, [broker.named('g')]);
  },
  'a static member that is away': async (broker) => {
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [], instanceId: 'i' });
    await beat(broker, broker.named('g'), 'm', -2, { instanceId: 'i' });
    return described(broker, [broker.named('g')]);
  },
  'a group that is not there': (broker) => described(broker, [broker.named('g')]),
  'the group with the empty name': (broker) => described(broker, ['']),
  'a classic group is none of these': async (broker) => {
    await stable(broker, broker.named('g'));
    return described(broker, [broker.named('g')]);
  },
  'a group with offsets alone is none of these': async (broker) => {
    await broker.topic(broker.named('t'));
    await commit(broker, broker.named('g'), { name: broker.named('t') });
    return described(broker, [broker.named('g')]);
  },
  'no groups': (broker) => described(broker, []),
});
