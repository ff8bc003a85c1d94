import { kafkaClients } from '../main/kafka/index.ts';
import { silentLogger } from '../main/logging.ts';
import { systemTime } from '../main/time.ts';

const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });

/** Resolves to the end offset of partition 0 once it is at least `records`; asks every 20 ms. */
export async function endOffsetReached(bootstrapServers: string, topic: string, records: number): Promise<number> {
  const reader = clients.partitionReader({
    'bootstrap.servers': bootstrapServers,
    // It looks for a topic that is still to be made: by default it would do so ever more seldom.
    'retry.backoff.ms': '10',
    'retry.backoff.max.ms': '20',
  });
  try {
    for (;;) {
      const end = await reader.endOffsets([{ topic, partition: 0 }]).catch((error: Error & { code?: string }) => {
        // The topic is made by the first record.
        if (/UNKNOWN_TOPIC/.test(`${error.code} ${error.message}`)) return new Map<string, bigint>();
        throw error;
      });
      const reached = Number(end.get(`${topic}-0`) ?? 0n);
      if (reached >= records) return reached;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await reader.close();
  }
}
