import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { KafkajsClient } from '../../../../main/kafka/admin/kafkajs-client.ts';
import { describeConfigs, Errors, metadata } from '../../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../../main/time.ts';
import { FakeBroker } from '../../../kit/fake-broker.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function clientAt(port: number): { client: KafkajsClient; lines: string[] } {
  const { logger, lines } = recordingLogger();
  const client = new KafkajsClient({
    bootstrap: [{ host: '127.0.0.1', port }],
    clientId: 'test',
    connectionTimeoutMs: 1_000,
    requestTimeoutMs: 1_000,
    maxResponseBytes: 1_000_000,
    time: systemTime,
    logger,
  });
  closing.push(() => client.close());
  return { client, lines };
}

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    closing.push(() => server.close());
  });

async function configBroker(answer: 'fine' | 'invalid'): Promise<FakeBroker> {
  const broker = await new FakeBroker().start();
  closing.push(() => broker.stop());
  return broker
    .on(metadata, () => ({
      brokers: [{ nodeId: 1, host: '127.0.0.1', port: broker.port }],
      controllerId: 1,
      topics: [],
      errorCode: 0,
    }))
    .on(describeConfigs, ({ resources }) => ({
      results: resources.map(({ resourceType, resourceName }) => ({
        errorCode: answer === 'fine' ? 0 : Errors.INVALID_TOPIC_EXCEPTION,
        errorMessage: null,
        resourceType,
        resourceName,
        configs: [],
      })),
    }));
}

const ask = (client: KafkajsClient) =>
  client.call((admin) => admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 't' }] }));

describe('kafkajs', () => {
  test('at a port that speaks HTTP fails, and keeps nothing of it', async () => {
    const { client } = clientAt(await listen(createHttpServer()));
    const before = process.memoryUsage().rss;
    await expect(ask(client)).rejects.toMatchObject({
      name: 'NetworkException',
      message: expect.stringMatching(/does not speak Kafka's protocol/),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('is cut off from a peer that sends without end', async () => {
    let sent = 0;
    const pour = (socket: Socket) => {
      const chunk = Buffer.alloc(65_536, 0x41);
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        const more = () => {
          while (socket.writable && sent < 1e9) {
            sent += chunk.length;
            if (!socket.write(chunk)) return;
          }
        };
        socket.on('drain', more);
        more();
      });
    };
    const { client } = clientAt(await listen(createServer(pour)));
    await expect(ask(client)).rejects.toMatchObject({ name: 'NetworkException' });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('gets the answers of a broker', async () => {
    const { client } = clientAt((await configBroker('fine')).port);
    expect((await ask(client)).resources[0]?.resourceName).toBe('t');
  });

  test('rejects with Kafka’s class, and logs nothing of it', async () => {
    const { client, lines } = clientAt((await configBroker('invalid')).port);
    await expect(ask(client)).rejects.toMatchObject({ name: 'InvalidTopicException', code: 'INVALID_TOPIC_EXCEPTION' });
    expect(lines).toEqual([]);
  });

  test('is silent while nothing is asked: no timer of its own comes again and again', async () => {
    const { client } = clientAt((await configBroker('fine')).port);
    await ask(client);
    const real = globalThis.setTimeout;
    let timers = 0;
    globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
      timers++;
      return real(...args);
    }) as typeof setTimeout;
    await new Promise((resolve) => real(resolve, 100));
    globalThis.setTimeout = real;
    expect(timers).toBeLessThan(3);
  });
});
