import { offsetCommit } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, joinWhole, leave, offsetsOf, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const asMember = (member: { memberId: string; generationId: number; instance: string | null }) => ({
  memberId: member.memberId,
  generationIdOrMemberEpoch: member.generationId,
  groupInstanceId: member.instance,
});

/** A topic with 2 partitions, a group's name, and a member of the group. */
async function parts(broker: PlayedBroker, instance: string | null = null) {
  const topic = broker.named('t');
  const { topicId } = await broker.topic(topic, 2);
  const group = broker.named('g');
  const member = await stable(broker, group, { topics: [topic], groupInstanceId: instance });
  return { topic, topicId, group, member };
}

export const OFFSET_COMMIT_CASES = casesOf('OffsetCommit', {
  ...Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8, 9, 10].map((version) => [
      `version ${version}: a member’s offset is kept`,
      async (broker: PlayedBroker) => {
        const { topic, topicId, group, member } = await parts(broker);
        const codes = await commit(broker, group, { name: topic, topicId }, { version, ...asMember(member) });
        return [codes, await offsetsOf(broker, group, { topic })];
      },
    ]),
  ),
  'an offset without a group of members is kept': async (broker) => {
    await broker.topic(broker.named('t'));
    const codes = await commit(broker, broker.named('g'), { name: broker.named('t') });
    return [codes, await offsetsOf(broker, broker.named('g'))];
  },
  'an offset of no group is kept under the empty name': async (broker) => {
    await broker.topic(broker.named('t'));
    return commit(broker, '', { name: broker.named('t') });
  },
  'a generation of a group that is not there is refused': async (broker) => {
    await broker.topic(broker.named('t'));
    return commit(
      broker,
      broker.named('g'),
      { name: broker.named('t') },
      { memberId: 'm', generationIdOrMemberEpoch: 1 },
    );
  },
  'a generation of a group that is not there is refused for older clients': async (broker) => {
    await broker.topic(broker.named('t'));
    const as = { memberId: 'm', generationIdOrMemberEpoch: 1, version: 8 };
    return commit(broker, broker.named('g'), { name: broker.named('t') }, as);
  },
  'a member id without a generation of a group that is not there': async (broker) => {
    await broker.topic(broker.named('t'));
    return commit(broker, broker.named('g'), { name: broker.named('t') }, { memberId: 'm' });
  },
  'a member that the group does not know is refused': async (broker) => {
    const { topic, group, member } = await parts(broker);
    return commit(broker, group, { name: topic }, { ...asMember(member), memberId: 'nobody' });
  },
  'another generation is refused': async (broker) => {
    const { topic, group, member } = await parts(broker);
    return commit(broker, group, { name: topic }, { ...asMember(member), generationIdOrMemberEpoch: 7 });
  },
  'nobody commits from outside while there are members': async (broker) => {
    const { topic, group } = await parts(broker);
    return commit(broker, group, { name: topic });
  },
  'anybody commits from outside when the members left': async (broker) => {
    const { topic, group, member } = await parts(broker);
    await leave(broker, group, [member]);
    return commit(broker, group, { name: topic });
  },
  'a generation of members that left is refused': async (broker) => {
    const { topic, group, member } = await parts(broker);
    await leave(broker, group, [member]);
    return commit(broker, group, { name: topic }, asMember(member));
  },
  'a member whose group waits for its parts is told to wait': async (broker) => {
    await broker.topic(broker.named('t'));
    const { memberId, generationId } = await joinWhole(broker, broker.named('g'));
    return commit(
      broker,
      broker.named('g'),
      { name: broker.named('t') },
      asMember({ memberId, generationId, instance: null }),
    );
  },
  'a fenced static member is told so': async (broker) => {
    const { topic, group, member } = await parts(broker, 'i');
    return commit(broker, group, { name: topic }, { ...asMember(member), memberId: 'other' });
  },
  'an instance that the group does not know is unknown': async (broker) => {
    const { topic, group, member } = await parts(broker);
    return commit(broker, group, { name: topic }, { ...asMember(member), groupInstanceId: 'i' });
  },
  'a topic that is not there is told so': (broker) =>
    commit(broker, broker.named('g'), { name: broker.named('nothing') }),
  'a topic id that is not there is told so': (broker) =>
    commit(broker, broker.named('g'), { topicId: 'topicNtopicNtopicNtopA' }, { version: 10 }),
  'a partition that is not there is told so beside one that is': async (broker) => {
    await broker.topic(broker.named('t'));
    const codes = await commit(broker, broker.named('g'), { name: broker.named('t') }, { partitions: [0, 4] });
    return [codes.sort(), await offsetsOf(broker, broker.named('g'))];
  },
  'a note of the longest size is kept': async (broker) => {
    await broker.topic(broker.named('t'));
    return commit(broker, broker.named('g'), { name: broker.named('t') }, { metadata: 'x'.repeat(4096) });
  },
  'a longer note is refused': async (broker) => {
    await broker.topic(broker.named('t'));
    return commit(broker, broker.named('g'), { name: broker.named('t') }, { metadata: 'x'.repeat(4097) });
  },
  'a note that is not there is an empty one': async (broker) => {
    await broker.topic(broker.named('t'));
    await commit(broker, broker.named('g'), { name: broker.named('t') }, { metadata: null });
    return offsetsOf(broker, broker.named('g'));
  },
  'an offset below zero is kept as it is': async (broker) => {
    await broker.topic(broker.named('t'));
    const codes = await commit(broker, broker.named('g'), { name: broker.named('t') }, { offset: -5n });
    return [codes, await offsetsOf(broker, broker.named('g'))];
  },
  'an offset beyond the end of the log is kept as it is': async (broker) => {
    await broker.topic(broker.named('t'));
    const codes = await commit(broker, broker.named('g'), { name: broker.named('t') }, { offset: 1n << 60n });
    return [codes, await offsetsOf(broker, broker.named('g'))];
  },
  'the last of two commits holds': async (broker) => {
    await broker.topic(broker.named('t'));
    await commit(broker, broker.named('g'), { name: broker.named('t') }, { offset: 7n });
    await commit(broker, broker.named('g'), { name: broker.named('t') }, { offset: 3n });
    return offsetsOf(broker, broker.named('g'));
  },
  'a leader epoch is kept with the offset': async (broker) => {
    await broker.topic(broker.named('t'));
    const partition = { partitionIndex: 0, committedOffset: 1n, committedLeaderEpoch: 3, committedMetadata: '' };
    await broker.ask(offsetCommit, 9, {
      groupId: broker.named('g'),
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: broker.named('t'), partitions: [partition] }],
    });
    return offsetsOf(broker, broker.named('g'));
  },
  'no topics are nothing to do': (broker) =>
    broker.ask(offsetCommit, 9, {
      groupId: broker.named('g'),
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [],
    }),
  'a member of the new protocol commits with its epoch': async (broker) => {
    const topic = broker.named('t');
    await topicForGroups(broker, topic);
    const { memberEpoch } = await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [topic] });
    const as = (generationIdOrMemberEpoch: number, memberId = 'm', version = 9) =>
      commit(broker, broker.named('g'), { name: topic }, { memberId, generationIdOrMemberEpoch, version });
    return {
      now: await as(memberEpoch),
      older: await as(memberEpoch - 1),
      newer: await as(memberEpoch + 1),
      olderClient: await as(memberEpoch, 'm', 8),
      unknown: await as(memberEpoch, 'other'),
      outside: await as(-1, ''),
    };
  },
  'anybody commits to an empty group of the new protocol': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    await beat(broker, broker.named('g'), 'm', 0, { subscribedTopicNames: [topic] });
    await beat(broker, broker.named('g'), 'm', -1);
    return commit(broker, broker.named('g'), { name: topic });
  },
});
