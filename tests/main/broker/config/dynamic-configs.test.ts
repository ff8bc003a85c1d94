import { afterEach, beforeEach, expect, test } from 'vitest';
import { incrementalAlterConfigs, metadata } from '../../../../main/protocol/messages/index.ts';
import { PlayedBroker } from '../../../kit/broker-behaviour/played-broker.ts';
import { BROKER, batch, change, DELETE, SET, settings, TOPIC, write } from '../../../kit/broker-behaviour/requests.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

const OF_BROKER = 2;
const OF_ALL = 3;
const STATIC = 4;
const DEFAULT = 5;

let disk: SimFileSystem;
let running: TestSandbox;
let broker: PlayedBroker;

async function start(overrides: Record<string, string> = { 'message.max.bytes': '500000' }): Promise<void> {
  running = await TestSandbox.start({ disk, overrides });
  connect();
}

function connect(): void {
  const { port } = running.sandbox;
  broker = new PlayedBroker({ name: 'it', host: '127.0.0.1', port, saslPort: 0, stop: () => running.close() }, '1');
}

async function stop(): Promise<void> {
  broker.close();
  await running.close();
}

beforeEach(async () => {
  disk = new SimFileSystem();
  await start();
});
afterEach(stop);

const set = (resourceName: string, name: string, value: string | null) =>
  change(broker, resourceName, [[name, value === null ? DELETE : SET, value]], { resourceType: BROKER });

/** The value and where it comes from, and what else would hold. */
async function shown(name: string, resourceType = BROKER, resourceName = '1') {
  const { value, configSource, synonyms } = (await settings(broker, resourceType, resourceName, [name])).configs[0]!;
  return [value, configSource, synonyms.map((it) => it.source)];
}

const big = async () => (await write(broker, 't', batch(['x'.repeat(10_000)]))).errorCode;

test('a setting of all brokers and one of this broker hold at once, for topics that are there; without them all is as before', async () => {
  await broker.topic('t');
  expect(await big()).toBe(0);
  expect((await set('', 'message.max.bytes', '1000')).errorCode).toBe(0);
  expect(await big()).toBe(10);
  expect(await shown('message.max.bytes')).toEqual(['1000', OF_ALL, [OF_ALL, STATIC, DEFAULT]]);
  expect((await set('1', 'message.max.bytes', '20000')).errorCode).toBe(0);
  expect(await big()).toBe(0);
  expect(await shown('message.max.bytes')).toEqual(['20000', OF_BROKER, [OF_BROKER, OF_ALL, STATIC, DEFAULT]]);
  expect(await shown('max.message.bytes', TOPIC, 't')).toEqual([
    '20000',
    OF_BROKER,
    [OF_BROKER, OF_ALL, STATIC, DEFAULT],
  ]);
  await set('1', 'message.max.bytes', null);
  await set('', 'message.max.bytes', null);
  expect(await shown('message.max.bytes')).toEqual(['500000', STATIC, [STATIC, DEFAULT]]);
});

test('they are there again after a restart, and gone after a reset', async () => {
  await broker.topic('t');
  await set('1', 'message.max.bytes', '1000');
  await set('', 'log.retention.ms', '5000');
  for (let life = 0; life < 2; life++) {
    await stop();
    await start();
    expect(await shown('message.max.bytes')).toEqual(['1000', OF_BROKER, [OF_BROKER, STATIC, DEFAULT]]);
    expect(await shown('retention.ms', TOPIC, 't')).toEqual(['5000', OF_ALL, [OF_ALL, DEFAULT]]);
    expect(await big()).toBe(10);
  }
  await running.sandbox.reset();
  connect();
  expect(await shown('message.max.bytes')).toEqual(['500000', STATIC, [STATIC, DEFAULT]]);
});

test('a topic’s own setting goes before', async () => {
  await broker.topic('t', 1, { 'retention.ms': '7000' });
  await set('1', 'log.retention.ms', '5000');
  expect(await shown('retention.ms', TOPIC, 't')).toEqual(['7000', 1, [1, OF_BROKER, DEFAULT]]);
});

test('hours that were given at the start do not hold against ms that were set later', async () => {
  await stop();
  await start({ 'log.retention.hours': '1' });
  await broker.topic('t');
  expect((await shown('retention.ms', TOPIC, 't'))[0]).toBe('3600000');
  await set('', 'log.retention.ms', '5000');
  expect((await shown('retention.ms', TOPIC, 't'))[0]).toBe('5000');
});

test('the number of connections is bounded at once', async () => {
  await broker.ask(metadata, 12, { topics: [] });
  await set('', 'max.connections', '1');
  const another = await broker.client();
  let isServed = false;
  const served = another.request(metadata, 12, { topics: [] }).then(() => {
    isServed = true;
  });
  for (let i = 0; i < 20; i++) await broker.ask(metadata, 12, { topics: [] });
  expect(isServed).toBe(false);
  await set('', 'max.connections', '100');
  await served;
  expect(await shown('max.connections')).toEqual(['100', OF_ALL, [OF_ALL, DEFAULT]]);
});

test('of changes that come at once none is lost', async () => {
  await broker.topic('t');
  const names = ['segment.ms', 'retention.ms', 'flush.ms', 'delete.retention.ms'];
  const clients = await Promise.all(names.map(() => broker.client()));

  await Promise.all(
    names.map((name, i) =>
      clients[i]!.request(incrementalAlterConfigs, 1, {
        resources: [
          { resourceType: TOPIC, resourceName: 't', configs: [{ name, configOperation: SET, value: '9000' }] },
        ],
        validateOnly: false,
      }),
    ),
  );
  const { configs } = await settings(broker, TOPIC, 't', names);
  expect(configs.map(({ value }) => value)).toEqual(names.map(() => '9000'));
});
