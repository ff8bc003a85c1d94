import type { ConsumerGroupHeartbeatResponse } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import { beat, commit, joinWhole, leave, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';

const JOIN = 0;
const LEAVE = -1;
const LEAVE_FOR_A_WHILE = -2;

type Over = Parameters<typeof beat>[4];

/** A topic of 2 partitions and a member that has joined for it. */
async function joined(broker: PlayedBroker, over: Over = {}) {
  const [group, topic] = [broker.named('g'), broker.named('t')];
  const { topicId } = await topicForGroups(broker, topic, 2);
  const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic], ...over });
  return { group, topic, topicId, answer, epoch: answer.memberEpoch };
}

/** Beats until the member has partitions; Kafka looks for the topics of a pattern a little later. */
async function assigned(broker: PlayedBroker, group: string, memberId: string, epoch: number) {
  let answer: ConsumerGroupHeartbeatResponse = await beat(broker, group, memberId, epoch);
  return broker.until(
    async () => {
      if (!answer.assignment) answer = await beat(broker, group, memberId, answer.memberEpoch);
      return answer;
    },
    ({ assignment }) => (assignment?.topicPartitions.length ?? 0) > 0,
  );
}

export const CONSUMER_GROUP_HEARTBEAT_CASES = casesOf('ConsumerGroupHeartbeat', {
  ...Object.fromEntries(
    [0, 1].flatMap((version) => [
      [
        `version ${version}: a first member has everything at once`,
        async (broker: PlayedBroker) => (await joined(broker, { version })).answer,
      ],
      [
        `version ${version}: a member that says nothing new is told nothing new`,
        async (broker: PlayedBroker) => {
          const { group, epoch } = await joined(broker);
          return beat(broker, group, 'm', epoch, { version });
        },
      ],
    ]),
  ),
  'version 0: the broker names a member': async (broker) => {
    await broker.topic(broker.named('t'));
    return beat(broker, broker.named('g'), '', JOIN, { version: 0, subscribedTopicNames: [broker.named('t')] });
  },
  'version 1: a member names itself': (broker) =>
    beat(broker, broker.named('g'), '', JOIN, { subscribedTopicNames: [] }),
  'an empty member id with an epoch is refused': (broker) => beat(broker, broker.named('g'), '', 1, { version: 0 }),
  'an empty group id is refused': (broker) => beat(broker, '', 'm', JOIN, { subscribedTopicNames: [] }),
  'an empty instance id is refused': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [], instanceId: '' }),
  'an empty rack is refused': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [], rackId: '' }),
  'who joins says how long it may take': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [], rebalanceTimeoutMs: -1 }),
  'who joins says what it reads': (broker) => beat(broker, broker.named('g'), 'm', JOIN),
  'who joins has no partitions': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, {
      subscribedTopicNames: [],
      topicPartitions: [{ topicId: 'topicNtopicNtopicNtopA', partitions: [0] }],
    }),
  'who joins says that it has no partitions': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [], topicPartitions: null }),
  'an epoch below -2 is refused': (broker) => beat(broker, broker.named('g'), 'm', -3),
  'nobody leaves for a while without an instance': (broker) => beat(broker, broker.named('g'), 'm', LEAVE_FOR_A_WHILE),
  'an assignor that is not there is refused': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [], serverAssignor: 'fair' }),
  'the assignor range is there': async (broker) => (await joined(broker, { serverAssignor: 'range' })).answer,
  'a group that is not there has no members': (broker) => beat(broker, broker.named('g'), 'm', 3),
  'nobody leaves a group that is not there': (broker) => beat(broker, broker.named('g'), 'm', LEAVE),
  'a member that the group does not know is told so': async (broker) => {
    const { group, epoch } = await joined(broker);
    return beat(broker, group, 'other', epoch);
  },
  'a member of an older epoch is fenced': async (broker) => {
    const { group, epoch } = await joined(broker);
    return beat(broker, group, 'm', epoch - 1);
  },
  'a member of a newer epoch is fenced': async (broker) => {
    const { group, epoch } = await joined(broker);
    return beat(broker, group, 'm', epoch + 1);
  },
  'a topic that is not there is nobody’s': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [broker.named('nothing')] }),
  'a member without topics has nothing': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicNames: [] }),
  'a topic that is made later is found': async (broker) => {
    const group = broker.named('g');
    const { memberEpoch } = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [broker.named('t')] });
    await broker.topic(broker.named('t'));
    return assigned(broker, group, 'm', memberEpoch);
  },
  'a whole request is told what it has': async (broker) => {
    const { group, topic, topicId, epoch } = await joined(broker);
    return beat(broker, group, 'm', epoch, {
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: [topic],
      topicPartitions: [{ topicId, partitions: [0, 1] }],
    });
  },
  'a member that says what it has is told nothing': async (broker) => {
    const { group, topicId, epoch } = await joined(broker);
    return beat(broker, group, 'm', epoch, { topicPartitions: [{ topicId, partitions: [0, 1] }] });
  },
  'a member that joins again has what it had': async (broker) => {
    const { group, topic } = await joined(broker);
    return beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
  },
  'a member leaves': async (broker) => {
    const { group, epoch } = await joined(broker);
    return [await beat(broker, group, 'm', LEAVE), await beat(broker, group, 'm', epoch)];
  },
  'a member that is not there can’t leave': async (broker) => {
    const { group } = await joined(broker);
    return beat(broker, group, 'other', LEAVE);
  },
  'a second member waits for what the first gives back': async (broker) => {
    const { group, topic, topicId, epoch } = await joined(broker);
    const second = await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
    const revoked = await beat(broker, group, 'm', epoch);
    const kept = revoked.assignment!.topicPartitions.flatMap(({ partitions }) => partitions);
    const given = await beat(broker, group, 'm', epoch, { topicPartitions: [{ topicId, partitions: kept }] });
    const taken = await beat(broker, group, 'n', second.memberEpoch);
    return { second, kept: kept.length, given, taken: taken.assignment?.topicPartitions[0]?.partitions.length };
  },
  'a member that keeps what it should give back stays in its epoch': async (broker) => {
    const { group, topic, topicId, epoch } = await joined(broker);
    await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
    await beat(broker, group, 'm', epoch);
    return beat(broker, group, 'm', epoch, { topicPartitions: [{ topicId, partitions: [0, 1] }] });
  },
  'the answer to a lost bump is given again': async (broker) => {
    const { group, topic, topicId, epoch } = await joined(broker);
    await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
    const revoked = await beat(broker, group, 'm', epoch);
    const topicPartitions = [
      { topicId, partitions: revoked.assignment!.topicPartitions.flatMap(({ partitions }) => partitions) },
    ];
    const first = await beat(broker, group, 'm', epoch, { topicPartitions });
    const again = await beat(broker, group, 'm', epoch, { topicPartitions });
    return [first, again];
  },
  'another subscription takes the old topic away': async (broker) => {
    const { group, epoch } = await joined(broker);
    await topicForGroups(broker, broker.named('u'));
    return beat(broker, group, 'm', epoch, { subscribedTopicNames: [broker.named('u')] });
  },
  'a static member joins': async (broker) => (await joined(broker, { instanceId: 'i' })).answer,
  'a static member leaves for a while and comes back under another id': async (broker) => {
    const { group, topic, epoch } = await joined(broker, { instanceId: 'i' });
    const away = await beat(broker, group, 'm', LEAVE_FOR_A_WHILE, { instanceId: 'i' });
    const back = await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic], instanceId: 'i' });
    return { away, back, fenced: await beat(broker, group, 'm', epoch, { instanceId: 'i' }) };
  },
  'an instance that is there is not given to another': async (broker) => {
    const { group, topic } = await joined(broker, { instanceId: 'i' });
    return beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic], instanceId: 'i' });
  },
  'an instance that the group does not know is unknown': async (broker) => {
    const { group, epoch } = await joined(broker);
    return beat(broker, group, 'm', epoch, { instanceId: 'j' });
  },
  'an instance that is not there can’t leave': async (broker) => {
    const { group } = await joined(broker);
    return beat(broker, group, 'm', LEAVE_FOR_A_WHILE, { instanceId: 'j' });
  },
  'a static member of another id can’t leave for it': async (broker) => {
    const { group } = await joined(broker, { instanceId: 'i' });
    return beat(broker, group, 'n', LEAVE, { instanceId: 'i' });
  },
  'a static member leaves for good': async (broker) => {
    const { group, topic } = await joined(broker, { instanceId: 'i' });
    const left = await beat(broker, group, 'm', LEAVE, { instanceId: 'i' });
    return [left, await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic], instanceId: 'i' })];
  },
  'a pattern that is none is refused': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicRegex: 'a(' }),
  'a pattern that RE2 does not know is refused': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicRegex: '(?=a)' }),
  'a pattern that is none is refused later too': async (broker) => {
    const { group, epoch } = await joined(broker);
    return beat(broker, group, 'm', epoch, { subscribedTopicRegex: '[' });
  },
  'an empty pattern is none': (broker) => beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicRegex: '' }),
  'a pattern finds the topics that it matches as a whole': async (broker) => {
    const group = broker.named('g');
    for (const [stem, partitions] of [
      ['a', 1],
      ['aa', 2],
      ['b', 3],
    ] as const) {
      await broker.topic(broker.named(stem), partitions);
    }
    const again = () => beat(broker, group, 'm', JOIN, { subscribedTopicRegex: broker.named('a+') });
    const { assignment } = await broker.until(again, (answer) => answer.assignment?.topicPartitions.length === 2);
    return assignment?.topicPartitions.map(({ partitions }) => partitions).sort((a, b) => a.length - b.length);
  },
  'a pattern that is taken back leaves nothing': async (broker) => {
    const group = broker.named('g');
    await broker.topic(broker.named('t'));
    const again = () => beat(broker, group, 'm', JOIN, { subscribedTopicRegex: broker.named('t') });
    await broker.until(again, (answer) => answer.assignment?.topicPartitions.length === 1);
    const { assignment } = await beat(broker, group, 'm', JOIN, { subscribedTopicRegex: '' });
    return assignment;
  },
  'a pattern that matches nothing has nothing': (broker) =>
    beat(broker, broker.named('g'), 'm', JOIN, { subscribedTopicRegex: 'nothing-at-all-[0-9]+' }),
  'a classic group that was left goes on by the new protocol': async (broker) => {
    const [group, topic] = [broker.named('g'), broker.named('t')];
    await topicForGroups(broker, topic);
    const member = await stable(broker, group);
    await leave(broker, group, [member]);
    const { memberEpoch: _, ...answer } = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return answer;
  },
  'a group with offsets alone goes on by the new protocol': async (broker) => {
    const [group, topic] = [broker.named('g'), broker.named('t')];
    await topicForGroups(broker, topic);
    await commit(broker, group, { name: topic });
    return beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
  },
  'a group of another protocol type is no group of consumers': async (broker) => {
    const group = broker.named('g');
    await stable(broker, group, { protocolType: 'connect' });
    return beat(broker, group, 'm', JOIN, { subscribedTopicNames: [] });
  },
  'a classic group whose parts are nothing that consumers write keeps its protocol': async (broker) => {
    const [group, topic] = [broker.named('g'), broker.named('t')];
    await topicForGroups(broker, topic);
    await stable(broker, group, { topics: [topic] });
    return (await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] })).errorCode;
  },
  'a beat for a classic group is for no group of the new protocol': async (broker) => {
    const group = broker.named('g');
    await joinWhole(broker, group);
    return beat(broker, group, 'm', 1);
  },
});
