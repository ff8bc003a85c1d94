import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { apiVersions } from '../../../../main/protocol/messages/index.ts';
import { BROKERS, type RunningBroker } from '../../../kit/brokers.ts';
import { RawClient } from '../../../kit/raw-client.ts';

const LIMITS = {
  'max.connections': '6',
  'max.connections.per.ip': '3',
  'max.connections.per.ip.overrides': '127.0.0.2:1, localhost:2',
};

describe.each(BROKERS.filter((broker) => broker.missing() === undefined))('$name', ({ start }) => {
  let broker: RunningBroker;
  let clients: RawClient[] = [];
  beforeAll(async () => {
    broker = await start(LIMITS);
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await Promise.all(clients.map((client) => client.closed));
    clients = [];
  });
  afterAll(() => broker?.stop());

  const connect = async (from: string) => {
    const client = await RawClient.connect(broker.port, '127.0.0.1', from);
    clients.push(client);
    return client;
  };
  const served = async (client: RawClient) => (await client.request(apiVersions, 0, {})).errorCode === 0;
  /** A broker learns of the end of other connections a moment later. */
  const servedSoon = (address: string) =>
    expect.poll(async () => served(await connect(address)).catch(() => false), { timeout: 30_000 }).toBe(true);
  const servedAll = async (address: string, count: number) => {
    for (let i = 0; i < count; i++) await servedSoon(address);
  };

  test.each([
    ['127.0.0.3', 3],
    ['127.0.0.2', 1],
    ['127.0.0.1', 2],
  ])('%s may have %i connections; the next one is closed, one after an end is not', async (address, count) => {
    await servedAll(address, count);
    const many = await connect(address);
    await many.closed;
    clients.find((client) => client !== many)!.close();
    await servedSoon(address);
  });

  test('beyond max.connections a new one waits until another ends', async () => {
    await servedAll('127.0.0.4', 3);
    await servedAll('127.0.0.5', 3);
    const open = [...clients];
    const waiting = await connect('127.0.0.6');
    let isServed = false;
    const answered = served(waiting).then(() => {
      isServed = true;
    });
    // Others are served meanwhile, in whose turns it would have been.
    for (let i = 0; i < 20; i++) for (const client of open) await served(client).catch(() => {});
    expect(isServed).toBe(false);
    for (const client of open) client.close();
    await answered;
  });
});
