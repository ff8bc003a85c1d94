import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Consumer, KafkaClients, Producer } from '../../../main/kafka/api.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { systemTime } from '../../../main/time.ts';
import { FakeBroker } from '../../kit/fake-broker.ts';
import { recordingLogger } from '../../kit/recording-logger.ts';
import { ScriptedCluster } from '../../kit/scripted-cluster.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function clientsWithLog(): { clients: KafkaClients; lines: string[] } {
  const { logger, lines } = recordingLogger();
  return { clients: kafkaClients({ time: systemTime, logger, random: () => 0.5 }), lines };
}

/** A port where nothing listens. */
async function emptyPort(): Promise<number> {
  const broker = await new FakeBroker().start();
  const { port } = broker;
  await broker.stop();
  return port;
}

test('a setting without effect is told once by name, with the reason', async () => {
  const { clients, lines } = clientsWithLog();
  const config = { 'bootstrap.servers': 'localhost:1', 'client.rack': 'r1', 'max.poll.recrods': '5' };
  for (let i = 0; i < 2; i++) await clients.consumer(config).close();
  expect(lines).toEqual([
    'WARN The consumer setting client.rack has no effect: records are fetched from leaders only',
    "WARN The consumer setting max.poll.recrods has no effect: not a setting of Kafka's consumer",
  ]);
});

describe('where no Kafka is', () => {
  async function otherServices(): Promise<[string, number, RegExp][]> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    closing.push(() => http.close());
    const { port } = http.address() as { port: number };
    return [
      ['HTTP', port, /speaks HTTP, not Kafka/],
      ['nothing', await emptyPort(), /^Nothing listens at/],
    ];
  }

  test('admin and reader say so at once', async () => {
    for (const [, port, message] of await otherServices()) {
      const { clients } = clientsWithLog();
      const config = { 'bootstrap.servers': `127.0.0.1:${port}` };
      const admin = clients.admin(config);
      const reader = clients.partitionReader(config);
      closing.push(
        () => admin.close(),
        () => reader.close(),
      );
      const start = performance.now();
      await expect(admin.clusterId()).rejects.toThrow(message);
      await expect(admin.describeTopicConfigs(['t'])).rejects.toThrow(message);
      await expect(admin.listGroups()).rejects.toThrow(message);
      await expect(reader.assign([{ topic: 't', partition: 0, start: 'earliest' }])).rejects.toThrow(message);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  test('producer and consumer wait, and find the broker when it comes', async () => {
    const port = await emptyPort();
    const { clients, lines } = clientsWithLog();
    const config = {
      'bootstrap.servers': `127.0.0.1:${port}`,
      'reconnect.backoff.max.ms': '100',
      'retry.backoff.max.ms': '100',
    };
    const producer: Producer = clients.producer(config);
    const consumer: Consumer = clients.consumer({ ...config, 'group.id': 'g', 'auto.offset.reset': 'earliest' });
    closing.push(
      () => producer.close(0),
      () => consumer.close(),
    );
    consumer.subscribe(['t']);
    expect(await consumer.poll(200)).toEqual([]);
    expect(producer.trouble?.()).toBeNull();
    const partitions = producer.partitionsFor('t');
    expect(await consumer.poll(200)).toEqual([]);
    expect(consumer.trouble?.()).toMatchObject({ error: { message: `Nothing listens at 127.0.0.1:${port}` } });
    const cluster = new ScriptedCluster(2);
    cluster.partitions[0]?.append('a');
    await cluster.start(port);
    closing.push(() => cluster.stop());
    expect(await partitions).toBe(2);
    let records = 0;
    while (records === 0) records += (await consumer.poll(100)).length;
    expect(consumer.trouble?.()).toBeNull();
    const waiting = `WARN Nothing listens at 127.0.0.1:${port}; trying again until it can be reached`;
    expect(lines).toEqual([
      waiting,
      waiting,
      'INFO A broker can be reached again',
      'INFO A broker can be reached again',
    ]);
  });
});
