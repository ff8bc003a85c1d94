import { kafkaClients } from '../main/kafka/index.ts';
import { silentLogger } from '../main/logging.ts';
import { systemTime } from '../main/time.ts';

const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });

export interface BenchTopic {
  name: string;
  partitions: number;
  configs?: Readonly<Record<string, string>>;
}

/** Resolves when every topic can be written to. */
export async function createTopics(bootstrapServers: string, topics: readonly BenchTopic[]): Promise<void> {
  const admin = clients.admin({ 'bootstrap.servers': bootstrapServers });
  await admin.createTopics(
    topics.map(({ name, partitions, configs = {} }) => ({
      name,
      numPartitions: partitions,
      replicationFactor: 1,
      configs,
    })),
  );
  await admin.close();
}

/** One record into each. */
export async function touch(bootstrapServers: string, topics: readonly string[]): Promise<void> {
  const producer = clients.producer({ 'bootstrap.servers': bootstrapServers });
  for (const topic of topics) {
    if (!producer.send({ topic, key: null, value: new Uint8Array(100) })) await producer.drained();
  }
  await producer.close();
}

export async function deleteTopics(bootstrapServers: string, topics: readonly string[]): Promise<void> {
  const admin = clients.admin({ 'bootstrap.servers': bootstrapServers });
  await admin.deleteTopics(topics);
  await admin.close();
}
