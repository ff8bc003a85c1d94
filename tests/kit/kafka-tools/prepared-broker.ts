import type { Consumer, KafkaClients } from '../../../main/kafka/api.ts';
import { consumerGroupHeartbeat } from '../../../main/protocol/messages/68-consumer-group-heartbeat.ts';
import type { RunningBroker } from '../brokers.ts';
import { RawClient } from '../raw-client.ts';

/** A member of a group of the new protocol by this id: on two brokers the same. */
const MEMBER_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

export interface PreparedBroker {
  close(): Promise<void>;
}

/**
 * Topics `a` (three partitions with three records each) and `b.c` (with a setting), groups `g1` and `g2` without members,
 * `classic` and `static` with a member each, `new` of the new protocol.
 */
export async function prepareBroker(clients: KafkaClients, broker: RunningBroker): Promise<PreparedBroker> {
  const config = { 'bootstrap.servers': broker.bootstrapServers };
  const admin = clients.admin(config);
  await admin.createTopics([
    { name: 'a', numPartitions: 3, replicationFactor: 1, configs: { 'message.timestamp.before.max.ms': MAX } },
    { name: 'b.c', numPartitions: 1, replicationFactor: 1, configs: { 'retention.ms': '86400000' } },
  ]);
  await admin.alterTopicConfigs('a', { 'message.timestamp.before.max.ms': null });
  const producer = clients.producer({ ...config, 'enable.idempotence': 'false' });
  for (let i = 0; i < 9; i++) {
    const [key, value] = [Buffer.from(`k${i}`), Buffer.from(`v${i}`)];
    producer.send({ topic: 'a', partition: i % 3, key, value, timestamp: 1_700_000_000_000n + BigInt(i) });
    // A batch each, so that brokers have the same number of them.
    await producer.flush();
  }
  await producer.close();
  await admin.alterGroupOffsets('g1', [
    { topic: 'a', partition: 0, offset: 1n },
    { topic: 'a', partition: 2, offset: 3n },
  ]);
  await admin.alterGroupOffsets('g2', [{ topic: 'a', partition: 1, offset: 2n, leaderEpoch: 0 }]);
  await admin.close();
  const members = [
    await member(clients, { ...config, 'group.id': 'classic', 'client.id': 'client-of-classic' }),
    await member(clients, { ...config, 'group.id': 'static', 'client.id': 'c', 'group.instance.id': 'instance-1' }),
  ];
  const raw = await RawClient.connect(broker.port);
  await joinNew(raw);
  return {
    async close() {
      raw.close();
      for (const each of members) await each.close();
    },
  };
}

const MAX = `${2n ** 63n - 1n}`;

async function member(clients: KafkaClients, config: Readonly<Record<string, string>>): Promise<Consumer> {
  const consumer = clients.consumer({ ...config, 'session.timeout.ms': '60000' });
  consumer.subscribe(['a']);
  while (consumer.assignment().length < 3) await consumer.poll(100);
  return consumer;
}

/** Joins, and takes what it is given, until it has all three partitions and has said so. */
async function joinNew(raw: RawClient): Promise<void> {
  let memberEpoch = 0;
  let owned: { topicId: string; partitions: number[] }[] = [];
  for (;;) {
    const hadAll = owned[0]?.partitions.length === 3;
    const answer = await raw.request(consumerGroupHeartbeat, 1, {
      groupId: 'new',
      memberId: MEMBER_ID,
      memberEpoch,
      rebalanceTimeoutMs: 300_000,
      subscribedTopicNames: ['a'],
      topicPartitions: owned,
    });
    if (answer.errorCode !== 0) throw new Error(`ConsumerGroupHeartbeat was answered with ${answer.errorCode}`);
    if (hadAll) return;
    memberEpoch = answer.memberEpoch;
    owned = answer.assignment?.topicPartitions.map(({ topicId, partitions }) => ({ topicId, partitions })) ?? owned;
  }
}
