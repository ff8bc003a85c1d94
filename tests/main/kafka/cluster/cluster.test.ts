import { afterEach, describe, expect, test } from 'vitest';
import { parseAddresses } from '../../../../main/kafka/cluster/address.ts';
import { Cluster, type ClusterOptions } from '../../../../main/kafka/cluster/cluster.ts';
import { type MetadataResponseInput, metadata } from '../../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../../main/time.ts';
import { FakeBroker } from '../../../kit/fake-broker.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Topic = MetadataResponseInput['topics'][number];

const topic = (name: string, leaders: number[], topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'): Topic => ({
  errorCode: 0,
  name,
  topicId,
  partitions: leaders.map((leaderId, partitionIndex) => ({
    errorCode: 0,
    partitionIndex,
    leaderId,
    replicaNodes: [1],
    isrNodes: [1],
    offlineReplicas: [],
  })),
});

interface Told {
  clusterId: string;
  topics: Topic[];
}

async function brokerTelling(told: Told): Promise<FakeBroker> {
  const broker = await new FakeBroker().start();
  closing.push(() => broker.stop());
  return broker.on(metadata, ({ topics }) => ({
    brokers: [{ nodeId: 1, host: '127.0.0.1', port: broker.port }],
    clusterId: told.clusterId,
    controllerId: 1,
    topics:
      topics?.map(
        ({ name }) => told.topics.find((each) => each.name === name) ?? { errorCode: 3, name, partitions: [] },
      ) ?? told.topics,
    errorCode: 0,
  }));
}

function clusterAt(servers: string, options: Partial<ClusterOptions> = {}): { cluster: Cluster; lines: string[] } {
  const { logger, lines } = recordingLogger();
  const cluster = new Cluster({
    bootstrap: parseAddresses(servers.split(',')),
    clientId: 'test',
    requestTimeoutMs: 5_000,
    setupTimeoutMs: 1_500,
    setupTimeoutMaxMs: 30_000,
    reconnectBackoffMs: 10,
    reconnectBackoffMaxMs: 50,
    retryBackoffMs: 10,
    retryBackoffMaxMs: 50,
    metadataMaxAgeMs: 300_000,
    idleMs: 540_000,
    maxResponseBytes: 1_000_000,
    security: { tls: null, sasl: null },
    allowAutoTopicCreation: false,
    patient: false,
    time: systemTime,
    random: () => 0.5,
    logger,
    ...options,
  });
  closing.push(() => cluster.close());
  return { cluster, lines };
}

/** Resolves at the first refresh after which `done` holds. */
function until(cluster: Cluster, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = cluster.onRefresh(() => {
      if (!done()) return;
      unsubscribe();
      resolve();
    });
  });
}

/** A port where nothing listens. */
async function emptyPort(): Promise<number> {
  const broker = await new FakeBroker().start();
  const { port } = broker;
  await broker.stop();
  return port;
}

describe('a cluster', () => {
  test('is found by the first bootstrap server that answers', async () => {
    const broker = await brokerTelling({ clusterId: 'c', topics: [topic('t', [1])] });
    const { cluster } = clusterAt(`127.0.0.1:${await emptyPort()},${broker.bootstrapServers}`);
    cluster.want(['t']);
    await cluster.refreshed();
    expect(cluster.clusterId).toBe('c');
    expect(cluster.leader('t', 0)).toBe(1);
    expect(cluster.leader('t', 1)).toBeUndefined();
  });

  test('that was never reached is told at once, all its servers named', async () => {
    const [one, two] = [await emptyPort(), await emptyPort()];
    const { cluster } = clusterAt(`127.0.0.1:${one},127.0.0.1:${two}`);
    await expect(cluster.retrying(60_000, 'Asking', () => cluster.refreshed())).rejects.toMatchObject({
      message: `No broker can be reached: Nothing listens at 127.0.0.1:${one}; Nothing listens at 127.0.0.1:${two}`,
      code: 'CONNECTION_REFUSED',
      hint: expect.stringMatching(/runnel sandbox/),
    });
  });

  test('is waited for by a patient client, who says so once', async () => {
    const port = await emptyPort();
    const { cluster, lines } = clusterAt(`127.0.0.1:${port}`, { patient: true });
    let failures = 0;
    const found = cluster.retrying(60_000, 'Asking', async () => {
      if (++failures === 4) {
        const broker = await new FakeBroker().start(port);
        closing.push(() => broker.stop());
        broker.on(metadata, () => ({ brokers: [], clusterId: 'c', topics: [], errorCode: 0 }));
      }
      await cluster.refreshed();
    });
    await found;
    expect(cluster.trouble).toBeNull();
    expect(lines).toEqual([
      `WARN Nothing listens at 127.0.0.1:${port}; trying again until it can be reached`,
      'INFO A broker can be reached again',
    ]);
  });

  test('asks again for a topic that is not there yet, and for a partition without a leader', async () => {
    const told: Told = { clusterId: 'c', topics: [] };
    const broker = await brokerTelling(told);
    const { cluster } = clusterAt(broker.bootstrapServers);
    cluster.want(['t']);
    await cluster.refreshed();
    expect(cluster.topicError('t')).toMatchObject({
      name: 'UnknownTopicOrPartitionException',
      message: 'There is no topic t',
    });
    told.topics = [topic('t', [-1])];
    await until(cluster, () => cluster.topic('t') !== undefined);
    expect(cluster.leader('t', 0)).toBeUndefined();
    told.topics = [topic('t', [1])];
    await until(cluster, () => cluster.leader('t', 0) === 1);
    const asked = broker.received.length;
    await cluster.requestAny(metadata, { topics: [] });
    expect(broker.received.length).toBe(asked + 1);
  });

  test('that turns into another one is used no further', async () => {
    const told: Told = { clusterId: 'one', topics: [topic('t', [1])] };
    const broker = await brokerTelling(told);
    const { cluster } = clusterAt(broker.bootstrapServers, { patient: true });
    await cluster.refreshed();
    told.clusterId = 'two';
    const message = `The brokers are those of another cluster now: two instead of one`;
    await expect(cluster.refreshed()).rejects.toMatchObject({ name: 'InconsistentClusterIdException', message });
    await expect(cluster.connection(1)).rejects.toThrow(message);
    await expect(cluster.requestAny(metadata, { topics: [] })).rejects.toThrow(message);
  });

  test('keeps apart what waits and what is quick', async () => {
    const broker = await brokerTelling({ clusterId: 'c', topics: [] });
    const { cluster } = clusterAt(broker.bootstrapServers);
    await cluster.refreshed();
    const [fetching, asking] = [await cluster.connection(1, 'fetch'), await cluster.connection(1)];
    expect(fetching).not.toBe(asking);
    expect(await cluster.connection(1)).toBe(asking);
    expect(broker.connections).toBe(2);
  });

  test('closes what nobody uses, and opens it again when needed', async () => {
    const broker = await brokerTelling({ clusterId: 'c', topics: [] });
    const { cluster } = clusterAt(broker.bootstrapServers, { idleMs: 20 });
    await cluster.refreshed();
    const connection = await cluster.connection(1);
    await new Promise<void>((resolve) => connection.onClose(() => resolve()));
    await cluster.refreshed();
    expect(broker.connections).toBe(2);
  });

  test('opens connections anew after sleep without waiting', async () => {
    const broker = await brokerTelling({ clusterId: 'c', topics: [] });
    const { cluster } = clusterAt(broker.bootstrapServers, {
      reconnectBackoffMs: 60_000,
      reconnectBackoffMaxMs: 60_000,
    });
    await cluster.refreshed();
    cluster.dropConnections();
    await cluster.requestAny(metadata, { topics: [] });
    expect(broker.connections).toBe(2);
  });

  test('rejects what is asked of it once it is closed', async () => {
    const broker = await brokerTelling({ clusterId: 'c', topics: [] });
    broker.on(metadata, () => 'nothing');
    const { cluster } = clusterAt(broker.bootstrapServers);
    const asked = cluster.refreshed();
    while (!broker.received.includes('Metadata')) await new Promise((resolve) => setImmediate(resolve));
    cluster.close();
    await expect(asked).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(cluster.refreshed()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

test.each([
  ['localhost:9092', 'localhost', 9092],
  ['PLAINTEXT://kafka.example:19092', 'kafka.example', 19092],
  ['[::1]:9092', '::1', 9092],
])('%s is an address', (text, host, port) => {
  expect(parseAddresses([text])).toEqual([{ host, port }]);
});

test.each(['localhost', 'localhost:', ':9092', 'localhost:99999', '::1:9092', 'a b:1:2', ''])('%j is none', (text) => {
  expect(() => parseAddresses([text])).toThrow(`Invalid url in bootstrap.servers: ${text}`);
});

describe('a peer that greets like a broker and then lies', () => {
  /** Metadata whose array of brokers claims two billion elements. */
  async function liar(): Promise<FakeBroker> {
    const broker = await new FakeBroker().start();
    closing.push(() => broker.stop());
    return broker.on(metadata, (_body, { correlationId }, socket) => {
      const body = Buffer.alloc(4 + 1 + 4 + 5);
      body.writeInt32BE(correlationId);
      body.set([0xff, 0xff, 0xff, 0xff, 0x07], 9);
      const size = Buffer.alloc(4);
      size.writeInt32BE(body.length);
      socket.write(Buffer.concat([size, body]));
      return 'nothing';
    });
  }

  test('is told at once to whoever asks', async () => {
    const { cluster } = clusterAt((await liar()).bootstrapServers);
    const start = performance.now();
    await expect(cluster.retrying(60_000, 'Asking', () => cluster.refreshed())).rejects.toThrow(/brokers: .*claims/);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('is told once in the log by who tries on', async () => {
    const { cluster, lines } = clusterAt((await liar()).bootstrapServers, { patient: true });
    cluster.requestRefresh();
    let attempts = 0;
    await until(cluster, () => ++attempts === 4);
    expect(lines).toEqual([expect.stringMatching(/^WARN The metadata of the cluster can't be had: .*trying again$/)]);
  });
});
