import { casesOf } from '../behaviour.ts';
import { beat, offsetsOf, stable, topicForGroups } from '../group-requests.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

async function ready(broker: PlayedBroker, version = 5) {
  const [topic, group] = [broker.named('t'), broker.named('g')];
  await topicForGroups(broker, topic, 2);
  const producer = await TransactionalProducer.begun(broker);
  if (version < 5) await producer.addOffsets(group);
  return { topic, group, producer };
}

export const TXN_OFFSET_COMMIT_CASES = casesOf('TxnOffsetCommit', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].flatMap((version) => [
      [
        `version ${version}: an offset holds when its transaction is committed`,
        async (broker: PlayedBroker) => {
          const { topic, group, producer } = await ready(broker, version);
          const codes = await producer.commitOffset(group, topic, { version });
          const pending = await offsetsOf(broker, group, { topic });
          const unstable = await offsetsOf(broker, group, { topic, requireStable: true });
          await producer.ended(true, { version: version < 5 ? 4 : 5 });
          return { codes, pending, unstable, after: await offsetsOf(broker, group, { topic, requireStable: true }) };
        },
      ],
      [
        `version ${version}: an offset is not kept when its transaction is aborted`,
        async (broker: PlayedBroker) => {
          const { topic, group, producer } = await ready(broker, version);
          await producer.commitOffset(group, topic, { version });
          await producer.ended(false, { version: version < 5 ? 4 : 5 });
          return offsetsOf(broker, group, { topic, requireStable: true });
        },
      ],
      [
        `version ${version}: the group was not added to the transaction`,
        async (broker: PlayedBroker) => {
          const { topic, group, producer } = await ready(broker);
          return [await producer.commitOffset(group, topic, { version }), await producer.described()];
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    [3, 5].flatMap((version) => [
      [
        `version ${version}: an epoch that was taken over is refused`,
        async (broker: PlayedBroker) => {
          const { topic, group, producer } = await ready(broker, version);
          const old = producer.identity;
          await producer.init();
          return producer.commitOffset(group, topic, { version, as: old });
        },
      ],
      [
        `version ${version}: another producer id is refused`,
        async (broker: PlayedBroker) => {
          const { topic, group, producer } = await ready(broker, version);
          return producer.commitOffset(group, topic, { version, as: { producerId: 1_000_000n, producerEpoch: 0 } });
        },
      ],
      [
        `version ${version}: a partition that is not there, beside one that is`,
        async (broker: PlayedBroker) => {
          const { topic, group, producer } = await ready(broker, version);
          return producer.commitOffset(group, topic, { version, partitions: [0, 7] });
        },
      ],
    ]),
  ),
  'a note that is too long is refused': async (broker) => {
    const { topic, group, producer } = await ready(broker);
    return producer.commitOffset(group, topic, { metadata: 'x'.repeat(4097) });
  },
  'a member commits with its generation': async (broker) => {
    const { topic, group, producer } = await ready(broker);
    const { memberId, generationId } = await stable(broker, group, { topics: [topic] });
    return {
      now: await producer.commitOffset(group, topic, { memberId, generationId }),
      other: await producer.commitOffset(group, topic, { memberId, generationId: generationId + 1 }),
      unknown: await producer.commitOffset(group, topic, { memberId: 'nobody', generationId }),
      instance: await producer.commitOffset(group, topic, { memberId, generationId, groupInstanceId: 'i' }),
      anybody: await producer.commitOffset(group, topic),
    };
  },
  'a static member that is fenced': async (broker) => {
    const { topic, group, producer } = await ready(broker);
    const { generationId } = await stable(broker, group, { topics: [topic], groupInstanceId: 'i' });
    return producer.commitOffset(group, topic, { memberId: 'other', generationId, groupInstanceId: 'i' });
  },
  'a generation of a group that is not there': async (broker) => {
    const { topic, group, producer } = await ready(broker);
    return producer.commitOffset(group, topic, { memberId: 'm', generationId: 1 });
  },
  'a member of the new protocol commits with its epoch': async (broker) => {
    const { topic, group, producer } = await ready(broker);
    const { memberEpoch } = await beat(broker, group, 'm', 0, { subscribedTopicNames: [topic] });
    return {
      now: await producer.commitOffset(group, topic, { memberId: 'm', generationId: memberEpoch }),
      older: await producer.commitOffset(group, topic, { memberId: 'm', generationId: memberEpoch - 1 }),
      unknown: await producer.commitOffset(group, topic, { memberId: 'n', generationId: memberEpoch }),
      anybody: await producer.commitOffset(group, topic),
    };
  },
});
