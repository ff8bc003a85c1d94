import { consumerGroupDescribe, describeGroups, Errors, listGroups } from '../../../../main/protocol/messages/index.ts';
import { type BehaviourCase, casesOf } from '../behaviour.ts';
import { assignmentOf, ClassicConsumer, classicGroup } from '../classic-consumer.ts';
import {
  anotherConnection,
  beat,
  commit,
  join,
  joinWhole,
  leave,
  offsetsOf,
  sync,
  topicForGroups,
} from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

// Groups whose members change from the classic to the new protocol, or back, one after the other (KIP-848).

const JOIN = 0;
const LEAVE = -1;

async function named(broker: PlayedBroker, partitions = 2) {
  const [group, topic] = [broker.named('g'), broker.named('t')];
  const { topicId } = await topicForGroups(broker, topic, partitions);
  return { group, topic, topicId };
}

/** A classic group of `count`, to which a member `m` of the new protocol has come. */
async function upgraded(broker: PlayedBroker, count = 1, over: { instance?: string } = {}) {
  const names = await named(broker);
  const classic = await classicGroup(broker, names.group, names.topic, count, over);
  const answer = await beat(broker, names.group, 'm', JOIN, { subscribedTopicNames: [names.topic] });
  return { ...names, classic, first: classic[0] as ClassicConsumer, answer };
}

/** A group of the new protocol with one member `m`, to which a classic one comes. */
async function joinedByClassic(broker: PlayedBroker, partitions = 2, over: Parameters<typeof beat>[4] = {}) {
  const names = await named(broker, partitions);
  const answer = await beat(broker, names.group, 'm', JOIN, { subscribedTopicNames: [names.topic], ...over });
  return { ...names, answer, epoch: answer.memberEpoch };
}

const count = (assignment: { topicPartitions: readonly { partitions: readonly number[] }[] } | null) =>
  assignment?.topicPartitions.flatMap(({ partitions }) => partitions).length;

const size = (part: Awaited<ReturnType<ClassicConsumer['part']>>) =>
  typeof part === 'number' ? part : part.assignedPartitions.flatMap(({ partitions }) => partitions).length;

/** State, epochs and members of a group of the new protocol, or why it is none. */
async function described(broker: PlayedBroker, group: string) {
  const { groups } = await broker.ask(consumerGroupDescribe, 1, {
    groupIds: [group],
    includeAuthorizedOperations: false,
  });
  const { members, ...rest } = groups[0]!;
  const shown = members.map(({ memberType, memberEpoch, instanceId, assignment, targetAssignment }) =>
    [memberType, memberEpoch, instanceId, count(assignment), count(targetAssignment)].join(' '),
  );
  return { ...rest, members: shown.sort() };
}

async function describedAsClassic(broker: PlayedBroker, group: string) {
  const { groups } = await broker.ask(describeGroups, 6, { groups: [group], includeAuthorizedOperations: false });
  const { members, ...rest } = groups[0]!;
  return { ...rest, members: members.map(({ groupInstanceId }) => groupInstanceId) };
}

const UPGRADE_CASES = casesOf('ConsumerGroupHeartbeat', {
  'a member comes to a classic group, whose members go on as they are': async (broker) => {
    const { group, answer, first } = await upgraded(broker, 2);
    return { answer, group: await described(broker, group), beat: await first.beat() };
  },
  'members of a classic group join again, get their parts, and the new one what is left': async (broker) => {
    const { group, topic, first, answer } = await upgraded(broker, 1);
    const early = await first.sync();
    const joined = await first.join();
    const part = await first.part();
    const next = await beat(broker, group, 'm', answer.memberEpoch);
    const third = await beat(broker, group, 'm', next.memberEpoch);
    return {
      ...{ answer, early, joined, part: size(part), next, third: count(third.assignment) },
      ...{ beat: await first.beat(), group: await described(broker, group), topic },
    };
  },
  'a group with members of both protocols is one of the new': async (broker) => {
    const { group } = await upgraded(broker);
    const { groups } = await broker.ask(listGroups, 5, { statesFilter: [], typesFilter: ['consumer'] });
    return {
      listed: groups.find(({ groupId }) => groupId === group),
      asClassic: await describedAsClassic(broker, group),
    };
  },
  'a classic group whose parts have words of their own keeps its protocol': async (broker) => {
    const { group, topic } = await named(broker);
    const [first] = await classicGroup(broker, group, topic, 1, { userData: Buffer.from('mine') });
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return { answer, beat: await first!.beat(), group: await describedAsClassic(broker, group) };
  },
  'a classic group whose parts can’t be read keeps its protocol': async (broker) => {
    const { group, topic } = await named(broker);
    await classicGroup(broker, group, topic, 1, { assignment: Buffer.from([0]) });
    return beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
  },
  'a classic group whose subscriptions can’t be read keeps its protocol': async (broker) => {
    const { group, topic } = await named(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    await consumer.join({ protocols: [{ name: 'range', metadata: Buffer.from([0]) }] });
    await consumer.sync({ assignments: [{ memberId: consumer.memberId, assignment: assignmentOf(topic, [0]) }] });
    return beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
  },
  'a classic group in which somebody has no part yet goes on by the new protocol': async (broker) => {
    const { group, topic } = await named(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    await consumer.join();
    await consumer.sync();
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return { answer, group: await described(broker, group) };
  },
  'a classic group that waits for its parts goes on by the new protocol': async (broker) => {
    const { group, topic } = await named(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    await consumer.join();
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return { answer, group: await described(broker, group), beat: await consumer.beat(), sync: await consumer.sync() };
  },
  'a classic group that waits for its members sends those who wait to join again': async (broker) => {
    const { group, topic } = await named(broker, 3);
    const [first] = await classicGroup(broker, group, topic, 1);
    const second = await ClassicConsumer.of(broker, group, topic);
    const waiting = second.join();
    await first!.told(broker);
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    const epochs = [answer.errorCode, answer.memberEpoch, count(answer.assignment)];
    return { epochs, waiting: await waiting, beat: await first!.beat(), group: await described(broker, group) };
  },
  'a member whose id was given by the classic group may join with it': async (broker) => {
    const { group, topic } = await named(broker);
    await classicGroup(broker, group, topic, 1);
    const other = await anotherConnection(broker);
    const { memberId } = await join(other, group);
    await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    const late = await ClassicConsumer.of(broker, group, topic);
    late.memberId = memberId;
    return { joined: await late.join(), group: await described(broker, group) };
  },
  'a classic group may be as large as a group of the new protocol, which has no place then': async (broker) => {
    const { group, topic } = await named(broker, 3);
    await classicGroup(broker, group, topic, 3);
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return { answer, group: await describedAsClassic(broker, group) };
  },
  'a classic group that is larger keeps its protocol': async (broker) => {
    const { group, topic } = await named(broker, 4);
    await classicGroup(broker, group, topic, 4);
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return { answer, group: await describedAsClassic(broker, group) };
  },
  'a group has no place for more than it may have': async (broker) => {
    const { group, topic } = await named(broker);
    for (const member of ['a', 'b', 'c']) await beat(broker, group, member, JOIN, { subscribedTopicNames: [topic] });
    const full = await beat(broker, group, 'd', JOIN, { subscribedTopicNames: [topic] });
    const known = await beat(broker, group, 'a', JOIN, { subscribedTopicNames: [topic] });
    await beat(broker, group, 'b', LEAVE);
    const room = await beat(broker, group, 'd', JOIN, { subscribedTopicNames: [topic] });
    return { full, known: known.errorCode, room: room.errorCode, stranger: await beat(broker, group, 'e', 7) };
  },
  'a static member of the new protocol takes the place of a classic one': async (broker) => {
    const { group, topic } = await named(broker);
    const [first] = await classicGroup(broker, group, topic, 2, { instance: 'i' });
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic], instanceId: 'i' });
    return { answer, group: await described(broker, group), fenced: await first!.beat() };
  },
  'a classic member goes on by the new protocol under its own id': async (broker) => {
    const { group, topic } = await named(broker);
    const [first] = await classicGroup(broker, group, topic, 1);
    const answer = await beat(broker, group, first!.memberId, JOIN, { subscribedTopicNames: [topic] });
    return { answer, group: await described(broker, group), beat: await first!.beat() };
  },
  'a member that leaves last of its protocol makes the group a classic one': async (broker) => {
    const { group, topic, first } = await upgraded(broker);
    await first.join();
    await first.sync();
    const left = await beat(broker, group, 'm', LEAVE);
    const asClassic = await describedAsClassic(broker, group);
    const told = await first.beat();
    const { members, ...joined } = await first.join();
    return { left, asClassic, asNew: await described(broker, group), told, joined, members: members.length, topic };
  },
  'a member that leaves before others make the group a classic one again': async (broker) => {
    const { group, first } = await upgraded(broker, 2);
    const left = await beat(broker, group, 'm', LEAVE);
    return {
      left,
      asClassic: await describedAsClassic(broker, group),
      told: await first.beat(),
      after: await first.join(),
    };
  },
  'a member that leaves while others of its protocol stay leaves the group as it is': async (broker) => {
    const { group, topic, first } = await upgraded(broker);
    await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
    const left = await beat(broker, group, 'm', LEAVE);
    return { left, group: await described(broker, group), told: await first.beat() };
  },
  'a group goes there and back': async (broker) => {
    const { group, topic, first } = await upgraded(broker);
    await beat(broker, group, 'm', LEAVE);
    await first.join();
    await first.sync({ assignments: [{ memberId: first.memberId, assignment: assignmentOf(topic, [0, 1]) }] });
    const answer = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    return { answer, group: await described(broker, group) };
  },
  'a classic member that gives back what it must joins twice': async (broker) => {
    const { group, topic } = await named(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    await consumer.join();
    await consumer.sync({ assignments: [{ memberId: consumer.memberId, assignment: assignmentOf(topic, [0, 1]) }] });
    const came = await beat(broker, group, 'm', JOIN, { subscribedTopicNames: [topic] });
    consumer.owned = [{ topic, partitions: [0, 1] }];
    const told = await consumer.beat();
    const joined = await consumer.join();
    const part = await consumer.part();
    const still = await consumer.beat();
    if (typeof part !== 'number') consumer.owned = part.assignedPartitions;
    const again = await consumer.join();
    const waits = await beat(broker, group, 'm', came.memberEpoch);
    return {
      ...{ came, told, joined, part: size(part), still, again, last: size(await consumer.part()) },
      ...{ waits: [waits.memberEpoch, count(waits.assignment)], group: await described(broker, group) },
    };
  },
});

const JOIN_CASES = casesOf('JoinGroup', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((version) => [
      `version ${version}: a classic member comes to a group of the new protocol`,
      async (broker: PlayedBroker) => {
        const { group, topic } = await joinedByClassic(broker);
        const consumer = await ClassicConsumer.of(broker, group, topic);
        return { joined: await consumer.join({ version }), group: await described(broker, group) };
      },
    ]),
  ),
  'a classic member of a group of the new protocol first gets its id': async (broker) => {
    const { group } = await joinedByClassic(broker);
    return join(broker, group);
  },
  'a classic member may bring its id to a group of the new protocol': async (broker) => {
    const { group, topic } = await joinedByClassic(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    consumer.memberId = 'mine';
    return { joined: await consumer.join(), group: await described(broker, group) };
  },
  'another protocol type is refused by a group of the new protocol': async (broker) => {
    const { group } = await joinedByClassic(broker);
    return join(broker, group, { protocolType: 'connect' });
  },
  'a member without protocols is refused by a group of the new protocol': async (broker) => {
    const { group } = await joinedByClassic(broker);
    return join(broker, group, { protocols: [] });
  },
  'a subscription that can’t be read is refused by a group of the new protocol': async (broker) => {
    const { group } = await joinedByClassic(broker);
    return joinWhole(broker, group, { protocols: [{ name: 'range', metadata: Buffer.from([0]) }] });
  },
  'a subscription of a version to come is read by a group of the new protocol': async (broker) => {
    const { group, topic } = await joinedByClassic(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    const metadata = Buffer.concat([consumer.metadata, Buffer.from('more')]);
    metadata.writeInt16BE(9);
    const joined = await consumer.join({ protocols: [{ name: 'range', metadata }] });
    return { joined, group: await described(broker, group) };
  },
  'members of a group of the new protocol that speak the classic one have one of its protocols in common': async (
    broker,
  ) => {
    const { group, topic } = await joinedByClassic(broker);
    const [first, second] = [
      await ClassicConsumer.of(broker, group, topic),
      await ClassicConsumer.of(broker, group, topic),
    ];
    const { metadata } = first;
    await first.join({ protocols: ['a', 'b'].map((name) => ({ name, metadata })) });
    const other = await join(broker, group, { protocols: [{ name: 'c', metadata }] });
    const joined = await second.join({ protocols: ['c', 'b'].map((name) => ({ name, metadata })) });
    return { other, joined, alone: await first.join({ protocols: [{ name: 'c', metadata }] }) };
  },
  'a classic member that joins a group of the new protocol again is told the same': async (broker) => {
    const { group, topic } = await joinedByClassic(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    return [await consumer.join(), await consumer.join(), await described(broker, group)];
  },
  'a classic member with another subscription begins another epoch': async (broker) => {
    const { group, topic } = await joinedByClassic(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic);
    const first = await consumer.join();
    await topicForGroups(broker, broker.named('u'));
    consumer.topics = [topic, broker.named('u')];
    return { first, second: await consumer.join(), group: await described(broker, group) };
  },
  'a group of the new protocol has no place for more classic members than it may have': async (broker) => {
    const { group, topic } = await joinedByClassic(broker);
    const members = [];
    for (let i = 0; i < 3; i++) members.push(await ClassicConsumer.of(broker, group, topic));
    await members[0]!.join();
    await members[1]!.join();
    return [await members[2]!.join(), await members[0]!.join()];
  },
  'an instance that a group of the new protocol does not know is unknown with a member id': async (broker) => {
    const { group } = await joinedByClassic(broker);
    return join(broker, group, { memberId: 'mine', groupInstanceId: 'i' });
  },
  'a static classic member joins a group of the new protocol': async (broker) => {
    const { group, topic } = await joinedByClassic(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic, 'i');
    return { joined: await consumer.join(), group: await described(broker, group) };
  },
  'a static classic member under another id takes the place of the old in a group of the new protocol': async (
    broker,
  ) => {
    const { group, topic } = await joinedByClassic(broker);
    const consumer = await ClassicConsumer.of(broker, group, topic, 'i');
    const again = await ClassicConsumer.of(broker, group, topic, 'i');
    const first = await consumer.join();
    const second = await again.join();
    return {
      first,
      second,
      fenced: await consumer.join(),
      beat: await consumer.beat(),
      group: await described(broker, group),
    };
  },
  'a static classic member takes the place of one of the new protocol': async (broker) => {
    const { group, topic } = await joinedByClassic(broker, 2, { instanceId: 'i' });
    await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
    const consumer = await ClassicConsumer.of(broker, group, topic, 'i');
    return { joined: await consumer.join(), group: await described(broker, group) };
  },
  'the last static member of the new protocol comes back as a classic one, and so does its group': async (broker) => {
    const { group, topic } = await joinedByClassic(broker, 2, { instanceId: 'i' });
    const consumer = await ClassicConsumer.of(broker, group, topic, 'i');
    const joined = await consumer.join();
    const asClassic = await describedAsClassic(broker, group);
    return { joined, asClassic, beat: await consumer.beat(), part: await consumer.part() };
  },
  'the last static member of the new protocol comes back as a classic one with another subscription': async (
    broker,
  ) => {
    const { group, topic } = await joinedByClassic(broker, 2, { instanceId: 'i' });
    const consumer = await ClassicConsumer.of(broker, group, topic, 'i');
    consumer.topics = [topic, broker.named('u')];
    const joined = await consumer.join();
    const asClassic = await describedAsClassic(broker, group);
    const told = await consumer.beat();
    return { joined, asClassic, told, again: await consumer.join() };
  },
  'a group has no place for more than it may have': async (broker) => {
    const { group, topic } = await named(broker);
    const [first] = await classicGroup(broker, group, topic, 4);
    const dynamic = await join(broker, group);
    const stat = await join(broker, group, { groupInstanceId: 'i' });
    return { dynamic, stat, told: await first!.beat(), stranger: await join(broker, group, { memberId: 'nobody' }) };
  },
  'those who join first have the places': async (broker) => {
    const { group, topic } = await named(broker);
    const members = await classicGroup(broker, group, topic, 4);
    const fifth = await ClassicConsumer.of(broker, group, topic);
    await members[3]!.leave();
    await members[0]!.told(broker);
    const joining = [fifth.join(), members[0]!.join(), members[1]!.join()];
    await broker.until(
      () => describedAsClassic(broker, group),
      (each) => each.members.length === 4,
    );
    const last = await members[2]!.join();
    return { last: last.errorCode, joined: (await Promise.all(joining)).map(({ errorCode }) => errorCode) };
  },
});

const CLASSIC_REQUEST_CASES: readonly BehaviourCase[] = [
  ...casesOf('SyncGroup', {
    ...Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((version) => [
        `version ${version}: a classic member has its part of a group of the new protocol`,
        async (broker: PlayedBroker) => {
          const { group, topic } = await joinedByClassic(broker);
          const consumer = await ClassicConsumer.of(broker, group, topic);
          await consumer.join();
          return consumer.sync({ version });
        },
      ]),
    ),
    'a part is written in the version of the member’s subscription': async (broker) => {
      const { group, topic, first } = await upgraded(broker);
      first.version = 0;
      await first.join();
      return { part: await first.part(), group, topic };
    },
    'a classic member of a group of the new protocol is held to its generation and protocol': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join();
      return [
        await consumer.sync({ generationId: consumer.generationId + 1 }),
        await consumer.sync({ protocolType: 'connect' }),
        await consumer.sync({ protocolName: 'other' }),
        await consumer.sync({ memberId: 'nobody' }),
        await consumer.sync({ groupInstanceId: 'i' }),
        await consumer.sync({ protocolType: null, protocolName: null }),
        await sync(broker, group, { memberId: 'm', generationId: 2, instance: null }),
      ];
    },
    'a fenced static member of a group of the new protocol is told so': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic, 'i');
      await consumer.join();
      return consumer.sync({ memberId: 'other' });
    },
    'a classic member of a group of the new protocol is told of another epoch': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join();
      await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
      return consumer.sync();
    },
  }),
  ...casesOf('Heartbeat', {
    ...Object.fromEntries(
      [0, 1, 2, 3, 4].map((version) => [
        `version ${version}: a classic member of a group of the new protocol says that it is there`,
        async (broker: PlayedBroker) => {
          const { group, topic } = await joinedByClassic(broker);
          const consumer = await ClassicConsumer.of(broker, group, topic);
          await consumer.join();
          return consumer.beat(version);
        },
      ]),
    ),
    'a classic member of a group of the new protocol is held to its generation': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join();
      consumer.generationId++;
      return consumer.beat();
    },
    'a member of the new protocol has no classic heartbeat': async (broker) => {
      const { group, topic, epoch } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      Object.assign(consumer, { memberId: 'm', generationId: epoch });
      return consumer.beat();
    },
    'a group of the new protocol does not know a stranger': async (broker) => {
      const { group, topic, epoch } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      Object.assign(consumer, { memberId: 'nobody', generationId: epoch });
      return consumer.beat();
    },
    'a classic member that waits for partitions is told when they are free': async (broker) => {
      const { group, topic, topicId, epoch } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join();
      const waits = [await consumer.beat(), size(await consumer.part())];
      const { assignment } = await beat(broker, group, 'm', epoch);
      const partitions = assignment!.topicPartitions.flatMap((each) => each.partitions);
      const held = await consumer.beat();
      await beat(broker, group, 'm', epoch, { topicPartitions: [{ topicId, partitions }] });
      const told = await consumer.beat();
      const joined = await consumer.join();
      return { waits, held, told, joined, part: size(await consumer.part()), fine: await consumer.beat() };
    },
    'a classic member that says nothing is out of a group of the new protocol': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join({ sessionTimeoutMs: 500 });
      const { members } = await broker.until(
        () => described(broker, group),
        (each) => each.members.length === 1,
      );
      return { members, beat: await consumer.beat() };
    },
    'a classic member that does not ask for its part in time is out of a group of the new protocol': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join({ rebalanceTimeoutMs: 500 });
      await broker.until(
        () => described(broker, group),
        (each) => each.members.length === 1,
      );
      return consumer.beat();
    },
    'a classic member that does not join again in time is out of a group of the new protocol': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join({ rebalanceTimeoutMs: 500 });
      await consumer.sync();
      await beat(broker, group, 'n', JOIN, { subscribedTopicNames: [topic] });
      return broker.until(
        () => consumer.beat(),
        (code) => code !== Errors.REBALANCE_IN_PROGRESS,
      );
    },
  }),
  ...casesOf('LeaveGroup', {
    ...Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((version) => [
        `version ${version}: a classic member leaves a group of the new protocol`,
        async (broker: PlayedBroker) => {
          const { group, topic } = await joinedByClassic(broker);
          const consumer = await ClassicConsumer.of(broker, group, topic);
          await consumer.join();
          return {
            left: await consumer.leave(version),
            group: await described(broker, group),
            beat: await consumer.beat(),
          };
        },
      ]),
    ),
    'some leave a group of the new protocol, one of them twice, and some are unknown': async (broker) => {
      const { group, topic } = await joinedByClassic(broker, 2, { instanceId: 'i' });
      const consumer = await ClassicConsumer.of(broker, group, topic, 'j');
      await consumer.join();
      const left = await leave(broker, group, [
        { memberId: 'nobody' },
        { memberId: '', groupInstanceId: 'j' },
        { memberId: consumer.memberId, groupInstanceId: 'j' },
        { memberId: 'other', groupInstanceId: 'i' },
        { memberId: '', groupInstanceId: 'k' },
      ]);
      return { left, group: await described(broker, group) };
    },
    'a member of the new protocol that is made to leave leaves a classic group': async (broker) => {
      const { group, first } = await upgraded(broker);
      return {
        left: await leave(broker, group, [{ memberId: 'm' }]),
        group: await describedAsClassic(broker, group),
        told: await first.beat(),
      };
    },
  }),
  ...casesOf('OffsetCommit', {
    ...Object.fromEntries(
      [8, 9].map((version) => [
        `version ${version}: a classic member of a group of the new protocol commits`,
        async (broker: PlayedBroker) => {
          const { group, topic } = await joinedByClassic(broker);
          const consumer = await ClassicConsumer.of(broker, group, topic);
          await consumer.join();
          const { memberId, generationId } = consumer;
          const by = (generation: number) =>
            commit(broker, group, { name: topic }, { version, memberId, generationIdOrMemberEpoch: generation });
          return [await by(generationId), await by(generationId - 1), await by(generationId + 1)];
        },
      ]),
    ),
  }),
  ...casesOf('OffsetFetch', {
    'a classic member of a group of the new protocol is held to its generation': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join();
      const { memberId, generationId } = consumer;
      const by = (memberEpoch: number) => offsetsOf(broker, group, { topic, member: { memberId, memberEpoch } });
      return [await by(generationId), await by(generationId + 1)];
    },
  }),
  ...casesOf('TxnOffsetCommit', {
    'a classic member of a group of the new protocol commits within a transaction': async (broker) => {
      const { group, topic } = await joinedByClassic(broker);
      const consumer = await ClassicConsumer.of(broker, group, topic);
      await consumer.join();
      const { memberId, generationId } = consumer;
      const producer = await TransactionalProducer.begun(broker);
      return [
        await producer.commitOffset(group, topic, { memberId, generationId }),
        await producer.commitOffset(group, topic, { memberId, generationId: generationId + 1 }),
      ];
    },
  }),
];

export const MIXED_GROUP_CASES: readonly BehaviourCase[] = [...UPGRADE_CASES, ...JOIN_CASES, ...CLASSIC_REQUEST_CASES];
