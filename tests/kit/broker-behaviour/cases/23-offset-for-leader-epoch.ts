import { offsetForLeaderEpoch } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { batch, write } from '../requests.ts';

async function ask(
  broker: PlayedBroker,
  leaderEpoch: number,
  over: {
    partition?: number;
    currentLeaderEpoch?: number;
    version?: number;
    replicaId?: number;
    records?: number;
  } = {},
) {
  const topic = broker.named('t');
  await broker.topic(topic);
  for (let i = 0; i < (over.records ?? 2); i++) await write(broker, topic, batch(['x']));
  return broker.ask(offsetForLeaderEpoch, over.version ?? 4, {
    replicaId: over.replicaId ?? -1,
    topics: [
      {
        topic,
        partitions: [
          { partition: over.partition ?? 0, currentLeaderEpoch: over.currentLeaderEpoch ?? -1, leaderEpoch },
        ],
      },
    ],
  });
}

export const OFFSET_FOR_LEADER_EPOCH_CASES = casesOf('OffsetForLeaderEpoch', {
  'the epoch of now ends where the log does': (broker) => ask(broker, 0),
  'the epoch of now in a partition without records': (broker) => ask(broker, 0, { records: 0 }),
  'an epoch that is to come': (broker) => ask(broker, 5),
  'no epoch': (broker) => ask(broker, -1),
  'an epoch while there are no records': (broker) => ask(broker, 5, { records: 0 }),
  'with the leader epoch of now': (broker) => ask(broker, 0, { currentLeaderEpoch: 0 }),
  'with a leader epoch that is to come': (broker) => ask(broker, 0, { currentLeaderEpoch: 3 }),
  'of a partition that is not there': (broker) => ask(broker, 0, { partition: 4 }),
  'of a topic that is not there': (broker) =>
    broker.ask(offsetForLeaderEpoch, 4, {
      topics: [{ topic: broker.named('none'), partitions: [{ partition: 0, leaderEpoch: 0 }] }],
    }),
  'version 2': (broker) => ask(broker, 0, { version: 2 }),
  'as a replica': (broker) => ask(broker, 0, { replicaId: 9 }),
  'without topics': (broker) => broker.ask(offsetForLeaderEpoch, 4, { topics: [] }),
});
