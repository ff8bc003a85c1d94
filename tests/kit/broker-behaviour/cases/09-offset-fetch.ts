import { offsetFetch } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, offsetsOf, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

/** A group with an offset in partition 0 of a topic with 2. */
async function committed(broker: PlayedBroker) {
  const [group, topic] = [broker.named('g'), broker.named('t')];
  const { topicId } = await topicForGroups(broker, topic, 2);
  await commit(broker, group, { name: topic });
  return { group, topic, topicId };
}

export const OFFSET_FETCH_CASES = casesOf('OffsetFetch', {
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((version) => [
      `version ${version}: an offset, and none where nothing was committed`,
      async (broker: PlayedBroker) => {
        const { group, topic, topicId } = await committed(broker);
        const topics = [{ name: topic, topicId, partitionIndexes: [0, 1] }];
        if (version < 8) return broker.ask(offsetFetch, version, { groupId: group, topics });
        return broker.ask(offsetFetch, version, { groups: [{ groupId: group, topics }] });
      },
    ]),
  ),
  ...Object.fromEntries(
    [2, 5, 7, 8, 9, 10].map((version) => [
      `version ${version}: all offsets of a group`,
      async (broker: PlayedBroker) => {
        const { group } = await committed(broker);
        if (version < 8) return broker.ask(offsetFetch, version, { groupId: group, topics: null });
        return broker.ask(offsetFetch, version, { groups: [{ groupId: group, topics: null }] });
      },
    ]),
  ),
  'a group that is not there has no offsets': (broker) => offsetsOf(broker, broker.named('g')),
  'a group that is not there has no offset of a topic': async (broker) => {
    await broker.topic(broker.named('t'));
    return offsetsOf(broker, broker.named('g'), { topic: broker.named('t') });
  },
  'a topic that is not there has no offset': (broker) =>
    offsetsOf(broker, broker.named('g'), { topic: broker.named('nothing') }),
  'a partition that is not there has no offset': async (broker) => {
    const { group, topic } = await committed(broker);
    return offsetsOf(broker, group, { topic, partitions: [9] });
  },
  'a topic id that is not there is told so': (broker) =>
    broker.ask(offsetFetch, 10, {
      groups: [
        { groupId: broker.named('g'), topics: [{ topicId: 'topicNtopicNtopicNtopA', partitionIndexes: [0, 1] }] },
      ],
    }),
  'several groups at once': async (broker) => {
    const { group, topic } = await committed(broker);
    return broker.ask(offsetFetch, 9, {
      groups: [
        { groupId: group, topics: null },
        { groupId: broker.named('other'), topics: [{ name: topic, partitionIndexes: [0] }] },
      ],
    });
  },
  'no groups': (broker) => broker.ask(offsetFetch, 9, { groups: [] }),
  'no topics of a group': async (broker) => {
    const { group } = await committed(broker);
    return broker.ask(offsetFetch, 9, { groups: [{ groupId: group, topics: [] }] });
  },
  'a topic that was deleted is gone from all offsets': async (broker) => {
    const { group, topic } = await committed(broker);
    await broker.deleteTopic(topic);
    return broker.until(
      () => offsetsOf(broker, group),
      ({ topics }) => topics.length === 0,
    );
  },
  'anybody sees the offsets of a group with members': async (broker) => {
    const { group, topic } = await committed(broker);
    await stable(broker, group, { topics: [topic] });
    return offsetsOf(broker, group);
  },
  'a member of the new protocol is told when its epoch is another': async (broker) => {
    const { group, topic } = await committed(broker);
    const { memberEpoch } = await beat(broker, group, 'm', 0, { subscribedTopicNames: [topic] });
    const as = (memberId: string, epoch: number) =>
      offsetsOf(broker, group, { topic, member: { memberId, memberEpoch: epoch } });
    return {
      now: await as('m', memberEpoch),
      older: await as('m', memberEpoch - 1),
      newer: await as('m', memberEpoch + 1),
      unknown: await as('other', memberEpoch),
      nobody: await as('', -1),
    };
  },
  'a member of a group that is not there': (broker) =>
    offsetsOf(broker, broker.named('g'), { topic: 't', member: { memberId: 'm', memberEpoch: 1 } }),
  'stable offsets are those that no transaction is about to change': async (broker) => {
    const { group, topic } = await committed(broker);
    return offsetsOf(broker, group, { topic, requireStable: true });
  },
});
