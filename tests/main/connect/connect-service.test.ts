import { expect, test } from 'vitest';
import type { TopicServices } from '../../../common/contract.ts';
import { connectService } from '../../../main/connect/connect-service.ts';
import { silentLogger } from '../../../main/logging.ts';
import { FakeHerder } from '../../kit/fake-herder.ts';
import { FakeKafka } from '../../kit/fake-kafka-clients.ts';
import { MockTime } from '../../kit/mock-time.ts';

const { signal } = new AbortController();
const nothing = undefined as never;

function start() {
  const fake = new FakeHerder();
  const service = connectService({
    herder: fake.herder(),
    admin: new FakeKafka().clients().admin({}),
    topics: {} as TopicServices,
    info: {
      commit: 'abc',
      restUrl: 'http://127.0.0.1:8083',
      bootstrapServers: 'x:1',
      keyConverter: 'K',
      valueConverter: 'V',
    },
    time: new MockTime(),
    logger: silentLogger,
  });
  return { fake, service };
}

test('a connector is created under its name, in the state that was asked for, and never over another one', async () => {
  const { fake, service } = start();
  await service.createConnector({ name: 'a', config: { 'connector.class': 'X' }, initialState: 'RUNNING' }, signal);
  await service.createConnector({ name: 'b', config: { 'connector.class': 'X' }, initialState: 'STOPPED' }, signal);
  await service.putConnectorConfig({ name: 'b', config: { name: 'b', 'connector.class': 'Y' } }, signal);
  expect(fake.calls).toEqual([
    [
      'put',
      'a',
      { name: 'a', 'connector.class': 'X' },
      { allowReplace: false, author: 'window', targetState: 'STARTED' },
    ],
    [
      'put',
      'b',
      { name: 'b', 'connector.class': 'X' },
      { allowReplace: false, author: 'window', targetState: 'STOPPED' },
    ],
    ['put', 'b', { name: 'b', 'connector.class': 'Y' }, { allowReplace: true, author: 'window' }],
  ]);
});

test('another name in the configuration is refused', async () => {
  const { service, fake } = start();
  await expect(service.createConnector({ name: 'a', config: { name: 'b' } }, signal)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  expect(fake.calls).toEqual([]);
});

test('offsets are forgotten only when that is asked for, and before the connector goes', async () => {
  const { fake, service } = start();
  fake.add('a');
  fake.add('b');
  await service.deleteConnector({ name: 'a', forgetOffsets: false }, signal);
  await service.deleteConnector({ name: 'b', forgetOffsets: true }, signal);
  expect(fake.calls).toEqual([
    ['delete', 'a'],
    ['stop', 'b'],
    ['resetOffsets', 'b'],
    ['delete', 'b'],
  ]);
});

test('restarting the connector alone, or with its tasks', async () => {
  const { fake, service } = start();
  fake.add('a');
  const alone = await service.restartConnector({ name: 'a', includeTasks: false, onlyFailed: false }, signal);
  expect(alone.connector.state).toBe('RUNNING');
  await service.restartConnector({ name: 'a', includeTasks: true, onlyFailed: true }, signal);
  expect(fake.calls).toEqual([
    ['restart', 'a'],
    ['restartAll', { connector: 'a', includeTasks: true, onlyFailed: true }],
  ]);
});

test('the worker tells what it is', async () => {
  expect(await start().service.info(nothing, signal)).toEqual({
    version: '4.3.1',
    commit: 'abc',
    kafka_cluster_id: 'cluster',
    restUrl: 'http://127.0.0.1:8083',
    bootstrapServers: 'x:1',
    keyConverter: 'K',
    valueConverter: 'V',
  });
});

test.each([
  ['a.properties', 'name=x\nconnector.class=FileStreamSource\n'],
  ['a.json', '{"name":"x","connector.class":"FileStreamSource"}'],
  ['b.json', '{"name":"x","config":{"connector.class":"FileStreamSource"}}'],
])('%s is read as connect-standalone reads it', async (fileName, text) => {
  expect(await start().service.parseConnectorFile({ fileName, text }, signal)).toEqual([
    { name: 'x', config: { name: 'x', 'connector.class': 'FileStreamSource' } },
  ]);
});

test('a file that is none says what is wrong and where', () => {
  const { service } = start();
  expect(() => service.parseConnectorFile({ fileName: 'a.json', text: '{"name":' }, signal)).toThrow('a.json');
});
