import { offsetDelete } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, leave, offsetsOf, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const deleted = (broker: PlayedBroker, groupId: string, topic: string, partitions: readonly number[] = [0]) =>
  broker.ask(offsetDelete, 0, {
    groupId,
    topics: [{ name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) }],
  });

async function committed(broker: PlayedBroker) {
  const [group, topic] = [broker.named('g'), broker.named('t')];
  await topicForGroups(broker, topic, 2);
  await commit(broker, group, { name: topic }, { partitions: [0, 1] });
  return { group, topic };
}

export const OFFSET_DELETE_CASES = casesOf('OffsetDelete', {
  'an offset is gone, and the other is there': async (broker) => {
    const { group, topic } = await committed(broker);
    return [await deleted(broker, group, topic), await offsetsOf(broker, group)];
  },
  'an offset that was never committed': async (broker) => {
    const { group, topic } = await committed(broker);
    await deleted(broker, group, topic);
    return deleted(broker, group, topic);
  },
  'a group that is not there is told so': (broker) => deleted(broker, broker.named('g'), 't'),
  'the group with the empty name': (broker) => deleted(broker, '', 't'),
  'a topic that is not there is told so': async (broker) => {
    const { group } = await committed(broker);
    return deleted(broker, group, broker.named('nothing'));
  },
  'a partition that is not there is told so': async (broker) => {
    const { group, topic } = await committed(broker);
    return deleted(broker, group, topic, [7]);
  },
  'a topic that a member reads is refused': async (broker) => {
    const { group, topic } = await committed(broker);
    await stable(broker, group, { topics: [topic] });
    return [await deleted(broker, group, topic), await offsetsOf(broker, group)];
  },
  'a topic that no member reads any more is let go': async (broker) => {
    const { group, topic } = await committed(broker);
    await stable(broker, group, { topics: ['another'] });
    return deleted(broker, group, topic);
  },
  'a group of another protocol type with members is refused': async (broker) => {
    const { group, topic } = await committed(broker);
    await stable(broker, group, { protocolType: 'connect' });
    return deleted(broker, group, topic);
  },
  'a topic that a member of the new protocol reads is refused': async (broker) => {
    const { group, topic } = await committed(broker);
    await beat(broker, group, 'm', 0, { subscribedTopicNames: [topic] });
    return deleted(broker, group, topic);
  },
  'a topic that a member reads by its pattern is refused': async (broker) => {
    const { group, topic } = await committed(broker);
    let { memberEpoch } = await beat(broker, group, 'm', 0, { subscribedTopicRegex: topic });
    await broker.until(
      async () => {
        const answer = await beat(broker, group, 'm', memberEpoch);
        if (answer.errorCode === 0) memberEpoch = answer.memberEpoch;
        return memberEpoch;
      },
      (epoch) => epoch > 1,
    );
    return deleted(broker, group, topic);
  },
  'a topic of members that left is let go': async (broker) => {
    const { group, topic } = await committed(broker);
    const member = await stable(broker, group, { topics: [topic] });
    await leave(broker, group, [member]);
    return deleted(broker, group, topic);
  },
  'no topics': async (broker) => {
    const { group } = await committed(broker);
    return broker.ask(offsetDelete, 0, { groupId: group, topics: [] });
  },
});
