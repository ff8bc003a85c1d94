// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of config providers are written so
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigException, ConnectException, NotFoundException } from '../../../../common/errors.ts';
import type { ConfigProvider } from '../../../../main/connect/api/config-provider.ts';
import { sqliteStores } from '../../../../main/connect/storage/index.ts';
import { HerderHarness } from '../../../kit/herder-harness.ts';
import { NUMBER_SOURCE } from '../../../kit/test-connectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'runnel-herder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a new connector runs with its tasks and is stored', async () => {
  const h = new HerderHarness();
  const { created, info } = await h.source('a', { tasks: '2', 'tasks.max': '2' });
  expect(created).toBe(true);
  expect(info).toEqual({
    name: 'a',
    config: { 'connector.class': NUMBER_SOURCE, topic: 't', tasks: '2', 'tasks.max': '2', name: 'a' },
    tasks: [
      { connector: 'a', task: 0 },
      { connector: 'a', task: 1 },
    ],
    type: 'source',
  });
  await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING');
  expect(h.stores.configs.get('a')?.targetState).toBe('STARTED');
  expect(h.herder.connectorStatus('a').connector).toEqual({
    state: 'RUNNING',
    worker_id: '127.0.0.1:8083',
    version: '1',
  });
  await h.run(h.herder.stop());
  expect(h.states('a')).toBe('UNASSIGNED UNASSIGNED UNASSIGNED');
  expect(h.time.pending).toBe(0);
});

describe('what is asked for is on the disk before it is answered', () => {
  test('configuration and target states', async () => {
    const order: string[] = [];
    const h = new HerderHarness();
    const { configs } = h.stores;
    for (const method of ['put', 'putTargetState', 'remove'] as const) {
      const original = configs[method].bind(configs) as (...args: unknown[]) => unknown;
      (configs as unknown as Record<string, unknown>)[method] = (...args: unknown[]) => {
        const result = original(...args);
        order.push(`stored ${method}${method === 'putTargetState' ? ` ${args[1]}` : ''}`);
        return result;
      };
    }
    await h.source('a').then(() => order.push('answered put'));
    for (const what of ['pause', 'resume', 'stop'] as const)
      await h.run(h.herder[`${what}Connector`]('a')).then(() => order.push(`answered ${what}`));
    await h.run(h.herder.deleteConnector('a')).then(() => order.push('answered delete'));
    expect(order).toEqual([
      ...['stored put', 'answered put', 'stored putTargetState PAUSED', 'answered pause'],
      ...['stored putTargetState STARTED', 'answered resume', 'stored putTargetState STOPPED', 'answered stop'],
      ...['stored remove', 'answered delete'],
    ]);
  });

  test('and comes back with the next worker', async () => {
    const file = join(folder, 'back.sqlite');
    const open = () => {
      const time = { milliseconds: () => 0 } as never;
      return sqliteStores({ file, secretKey: { bytes: () => new Uint8Array(32) }, time });
    };
    const first = new HerderHarness({ stores: open() });
    await first.source('runs');
    await first.source('paused', { password: 'p' });
    await first.source('stopped');
    await first.source('gone');
    await first.run(first.herder.pauseConnector('paused'));
    await first.run(first.herder.stopConnector('stopped'));
    await first.run(first.herder.deleteConnector('gone'));
    // As after a crash: nothing is stopped.
    first.stores.close();
    const second = new HerderHarness({ stores: open() });
    expect(second.herder.ready).toBe(false);
    await second.run(second.herder.start());
    expect(second.herder.ready).toBe(true);
    await second.until(() => second.states('runs') === 'RUNNING RUNNING');
    expect(second.herder.connectors()).toEqual(['runs', 'paused', 'stopped']);
    expect(second.states('paused')).toBe('PAUSED');
    expect(second.states('stopped')).toBe('STOPPED');
    await second.run(second.herder.resumeConnector('paused'));
    await second.until(() => second.states('paused') === 'RUNNING RUNNING');
    await second.run(second.herder.stop());
    second.stores.close();
  });
});

describe('states', () => {
  test('pause keeps the tasks, stop ends them, resume brings them back', async () => {
    const h = new HerderHarness();
    await h.source('a');
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.pauseConnector('a'));
    h.script.wake();
    await h.until(() => h.states('a') === 'PAUSED PAUSED');
    await h.run(h.herder.resumeConnector('a'));
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.stopConnector('a'));
    expect(h.states('a')).toBe('STOPPED');
    expect(h.herder.connectorInfo('a').tasks).toEqual([]);
    await h.run(h.herder.pauseConnector('a'));
    expect(h.states('a')).toBe('PAUSED');
    await h.run(h.herder.resumeConnector('a'));
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test.each(['PAUSED', 'STOPPED'] as const)('created %s there are no tasks until it is resumed', async (state) => {
    const h = new HerderHarness();
    await h.put('a', { 'connector.class': NUMBER_SOURCE, topic: 't' }, state);
    expect(h.states('a')).toBe(state);
    expect(h.script.log).toEqual([]);
    await h.run(h.herder.resumeConnector('a'));
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('a new configuration keeps the target state', async () => {
    const h = new HerderHarness();
    await h.source('a');
    await h.run(h.herder.stopConnector('a'));
    await h.source('a', { topic: 'u' });
    expect(h.states('a')).toBe('STOPPED');
    await h.run(h.herder.resumeConnector('a'));
    h.script.offer(1);
    await h.until(() => h.kafka.values('u').length === 1);
    await h.run(h.herder.stop());
  });

  test('a connector that can’t start is FAILED with a trace, is stored, and starts again by a restart', async () => {
    const h = new HerderHarness();
    h.script.startError = new ConnectException('no network');
    const { created } = await h.source('a');
    expect(created).toBe(true);
    expect(h.states('a')).toBe('FAILED');
    expect(h.herder.connectorStatus('a').connector.trace).toMatch(
      /^org\.apache\.kafka\.connect\.errors\.ConnectException: no network\n\tat /,
    );
    h.script.startError = null;
    await h.run(h.herder.restartConnector('a'));
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('a task that fails leaves the connector RUNNING and is told by its code', async () => {
    const h = new HerderHarness();
    await h.source('a');
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    h.script.pollError = new ConnectException('no more', { code: 'FINISHED' });
    h.script.wake();
    await h.until(() => h.states('a') === 'RUNNING FAILED');
    expect(h.herder.taskReports('a')).toMatchObject([{ task: 0, failureCode: 'FINISHED' }]);
    expect(h.logLines.find((line) => line.startsWith('ERROR'))).toContain('will not recover until manually restarted');
    await h.run(h.herder.stop());
  });

  test('too many tasks fail the connector, unless that is allowed', async () => {
    const h = new HerderHarness();
    await h.source('a', { tasks: '3', 'tasks.max': '2' });
    expect(h.states('a')).toBe('FAILED');
    expect(h.herder.connectorStatus('a').connector.trace).toContain(
      'The connector a has generated 3 tasks, which is greater than 2',
    );
    await h.source('a', { tasks: '3', 'tasks.max': '2', 'tasks.max.enforce': 'false' });
    await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('fewer tasks than before leave no states of the others', async () => {
    const h = new HerderHarness();
    await h.source('a', { tasks: '3', 'tasks.max': '3' });
    await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING RUNNING');
    await h.source('a', { tasks: '1', 'tasks.max': '3' });
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('every change is told', async () => {
    const h = new HerderHarness();
    const told: string[] = [];
    const end = h.herder.onChange((name) => told.push(h.stores.configs.get(name) ? h.states(name) : 'gone'));
    await h.source('a');
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.deleteConnector('a'));
    end();
    await h.source('a');
    expect(told[0]).toBe('RUNNING');
    expect(told).toContain('RUNNING RUNNING');
    expect(told.at(-1)).toBe('gone');
    await h.run(h.herder.stop());
  });
});

describe('restart', () => {
  const failed = async () => {
    const h = new HerderHarness();
    await h.source('a', { tasks: '2', 'tasks.max': '2' });
    await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING');
    h.script.pollError = new ConnectException('broken');
    h.script.wake();
    await h.until(() => h.states('a').includes('FAILED'));
    h.script.pollError = null;
    return h;
  };

  test('of the connector leaves its tasks alone', async () => {
    const h = await failed();
    const before = h.states('a');
    await h.run(h.herder.restartConnector('a'));
    await h.until(() => h.script.log.filter((it) => it === 'connector start').length === 2);
    expect(h.states('a')).toBe(before);
    await h.run(h.herder.stop());
  });

  test('of failed tasks only, with the plan as answer', async () => {
    const h = await failed();
    const before = h.herder.connectorStatus('a').tasks.map((task) => task.state);
    const plan = await h.run(
      h.herder.restartConnectorAndTasks({ connector: 'a', includeTasks: true, onlyFailed: true }),
    );
    expect(plan.connector.state).toBe('RUNNING');
    expect(plan.tasks.map((task) => task.state)).toEqual(before.map((it) => (it === 'FAILED' ? 'RESTARTING' : it)));
    await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('of everything', async () => {
    const h = await failed();
    const plan = await h.run(
      h.herder.restartConnectorAndTasks({ connector: 'a', includeTasks: true, onlyFailed: false }),
    );
    expect([plan.connector.state, ...plan.tasks.map((task) => task.state)]).toEqual([
      'RESTARTING',
      'RESTARTING',
      'RESTARTING',
    ]);
    await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('of one task', async () => {
    const h = await failed();
    const task = h.herder.connectorStatus('a').tasks.findIndex((it) => it.state === 'FAILED');
    await h.run(h.herder.restartTask('a', task));
    await h.until(() => h.herder.taskStatus('a', task).state === 'RUNNING');
    await expect(h.run(h.herder.restartTask('a', 9))).rejects.toThrow('Task a-9 not found');
    expect(h.herder.connectorStatus('a').tasks).toHaveLength(2);
    await h.run(h.herder.stop());
  });
});

test('offsets and topics outlive their connector; forgetting them is another request', async () => {
  const h = new HerderHarness();
  await h.source('a');
  h.script.offer(1, 2);
  await h.until(() => h.kafka.values('t').length === 2);
  await h.run(h.herder.deleteConnector('a'));
  expect(() => h.herder.connectorStatus('a')).toThrow('No status found for connector a');
  await h.source('a');
  expect(await h.herder.connectorOffsets('a')).toEqual({
    offsets: [{ partition: { source: 'p' }, offset: { number: 2n } }],
  });
  expect(h.herder.activeTopics('a')).toEqual(['t']);
  await expect(h.run(h.herder.resetConnectorOffsets('a'))).rejects.toThrow('must be in the STOPPED state');
  await h.run(h.herder.stopConnector('a'));
  const big = 968476484095610881n;
  await h.run(h.herder.alterConnectorOffsets('a', [{ partition: { source: 'p' }, offset: { number: big } }]));
  expect((await h.herder.connectorOffsets('a')).offsets[0]?.offset).toEqual({ number: big });
  await h.run(h.herder.resetConnectorOffsets('a'));
  expect(await h.herder.connectorOffsets('a')).toEqual({ offsets: [] });
  h.herder.resetActiveTopics('a');
  expect(h.herder.activeTopics('a')).toEqual([]);
});

test('a sink’s offsets are those of its group', async () => {
  const h = new HerderHarness();
  h.kafka.produce('t', 'a', 'b', 'c');
  await h.sink('s');
  await h.until(() => h.script.written.length === 3);
  await h.run(h.herder.stopConnector('s'));
  const offset = (number: bigint) => ({
    partition: { kafka_topic: 't', kafka_partition: 0 },
    offset: { kafka_offset: number },
  });
  expect(await h.herder.connectorOffsets('s')).toEqual({ offsets: [offset(3n)] });
  await h.run(
    h.herder.alterConnectorOffsets('s', [
      { partition: { kafka_topic: 't', kafka_partition: '0' }, offset: { kafka_offset: '1' } },
    ]),
  );
  expect(await h.herder.connectorOffsets('s')).toEqual({ offsets: [offset(1n)] });
  await expect(
    h.run(h.herder.alterConnectorOffsets('s', [{ partition: { kafka_topic: 't' }, offset: { kafka_offset: 1n } }])),
  ).rejects.toThrow("must contain the keys 'kafka_topic' and 'kafka_partition'");
  await h.run(h.herder.resumeConnector('s'));
  await h.until(() => h.script.written.length === 5);
  await h.run(h.herder.stop());
});

describe('configurations', () => {
  test('what is wrong in one is refused with every reason, and nothing is stored', async () => {
    const h = new HerderHarness();
    await expect(h.put('a', { 'connector.class': NUMBER_SOURCE, 'tasks.max': 'x', transforms: 'y' })).rejects.toThrow(
      'Connector configuration is invalid and contains the following 4 error(s):\n' +
        'Invalid value x for configuration tasks.max: Not a number of type INT\n' +
        'Invalid value null for configuration tasks.max: Value must be non-null\n' +
        'Missing required configuration "transforms.y.type" which has no default value.\n' +
        'Missing required configuration "topic" which has no default value.\n',
    );
    expect(h.herder.connectors()).toEqual([]);
    await expect(h.put('a', { 'connector.class': '__proto__' })).rejects.toMatchObject({ code: 'UNKNOWN_CLASS' });
  });

  test('topic creation settings that are wrong are refused before the connector exists', async () => {
    const h = new HerderHarness();
    await expect(h.source('a', { 'topic.creation.default.partitions': '0' })).rejects.toThrow(
      'Missing required configuration "topic.creation.default.replication.factor"',
    );
    expect(h.herder.connectors()).toEqual([]);
  });

  test('a secret is used but never shown, and stays when its placeholder comes back', async () => {
    const h = new HerderHarness();
    const { info } = await h.source('a', { password: 'CANARY' });
    const placeholder = '${runnel:a/password}';
    expect(info.config.password).toBe(placeholder);
    await h.source('a', { password: placeholder, topic: 'u' });
    expect(h.stores.configs.secret('a', 'password')).toBe('CANARY');
    const answers = [
      h.herder.connectorInfo('a'),
      h.herder.connectorConfig('a'),
      h.herder.taskConfigs('a'),
      h.herder.connectorStatus('a'),
      await h.herder.validateConnectorConfig({ ...h.herder.connectorConfig('a') }),
      await h.herder.validateConnectorConfig({ ...h.herder.connectorConfig('a'), password: 'CANARY' }),
    ];
    expect(JSON.stringify([answers, h.logLines])).not.toContain('CANARY');
    expect(h.herder.taskConfigs('a')[0]?.config.password).toBe(placeholder);
    await h.run(h.herder.stop());
  });

  test('a placeholder stands for a secret at its own connector and key only', async () => {
    const h = new HerderHarness();
    await h.source('a', { password: 'CANARY' });
    await expect(h.source('b', { password: '${runnel:b/password}' })).rejects.toThrow('no secret is stored under it');
    await h.source('c', { topic: '${runnel:a/password}', password: '${runnel:a/password}' });
    h.script.offer(1);
    await h.until(() => h.kafka.topics.size > 0);
    expect([...h.kafka.topics.keys()].join()).not.toContain('CANARY');
    await h.run(h.herder.stop());
  });

  test('names with any characters keep their secrets', async () => {
    for (const name of ['a/b', 'a:b', '}', '${x:y}', '%2F', 'ü 🚰']) {
      const h = new HerderHarness();
      const { info } = await h.source(name, { password: 'p' });
      expect(info.config.password).toMatch(/^\$\{runnel:[^{}:]*\/password\}$/);
      await h.source(name, { ...info.config, topic: 'u' } as Record<string, string>);
      expect(h.stores.configs.secret(name, 'password')).toBe('p');
      await h.run(h.herder.stop());
    }
  });

  test('values of providers are put in at the start and shown nowhere', async () => {
    const asked: string[] = [];
    const vault: ConfigProvider = {
      get(path, keys) {
        asked.push(`${path}:${[...keys].join()}`);
        if (path === 'broken') throw new ConfigException('Could not read broken');
        return new Map([
          ['topic', 'from-vault'],
          ['password', 'CANARY'],
        ]);
      },
    };
    const h = new HerderHarness({ providers: new Map([['vault', vault]]) });
    await h.source('a', {
      topic: '${vault:p:topic}',
      password: '${vault:p:password}',
      x: '${vault:p:missing} ${other:p:y}',
    });
    expect(h.stores.configs.secret('a', 'password')).toBeNull();
    expect(h.herder.connectorConfig('a')).toMatchObject({
      topic: '${vault:p:topic}',
      password: '${vault:p:password}',
      x: '${vault:p:missing} ${other:p:y}',
    });
    h.script.offer(1);
    await h.until(() => h.kafka.values('from-vault').length === 1);
    const shown = [
      h.herder.connectorInfo('a'),
      h.herder.taskConfigs('a'),
      await h.herder.validateConnectorConfig(h.herder.connectorConfig('a')),
    ];
    expect(JSON.stringify(shown)).not.toMatch(/CANARY|from-vault/);
    expect(asked[0]).toBe('p:topic,password,missing');
    await expect(h.source('b', { topic: '${vault:broken:x}' })).rejects.toThrow('Could not read broken');
    await h.run(h.herder.stop());
  });

  test('a patch changes and removes single keys', async () => {
    const h = new HerderHarness();
    await h.source('a', { x: '1', y: '2' });
    const info = await h.run(h.herder.patchConnectorConfig('a', { x: null, y: '3', z: '4' }, 'test'));
    expect(info.config).toMatchObject({ y: '3', z: '4' });
    expect(info.config.x).toBeUndefined();
    await h.run(h.herder.stop());
  });

  test('the names of a connector that is there are taken for POST', async () => {
    const h = new HerderHarness();
    await h.source('a');
    await expect(
      h.run(
        h.herder.putConnectorConfig(
          'a',
          { name: 'a', 'connector.class': NUMBER_SOURCE, topic: 't' },
          { allowReplace: false, author: 'test' },
        ),
      ),
    ).rejects.toMatchObject({ name: 'AlreadyExistsException', message: 'Connector a already exists' });
    await h.run(h.herder.stop());
  });
});

test('a task that does not stop in time is given up and can’t store offsets any more', async () => {
  const h = new HerderHarness();
  h.script.neverStops = true;
  await h.source('a');
  await h.until(() => h.states('a') === 'RUNNING RUNNING');
  await h.run(h.herder.stopConnector('a'));
  expect(h.states('a')).toBe('STOPPED');
  expect(h.logLines).toContain('ERROR Graceful stop of task a-0 failed: it is given up');
});

describe('a connector that never comes back from', () => {
  test.each(['stop', 'delete', 'put'] as const)('its start is given up when it is to %s', async (what) => {
    const h = new HerderHarness();
    h.script.connectorHangsIn = 'start';
    const config = { name: 'a', 'connector.class': NUMBER_SOURCE, topic: 't' };
    const created = h.herder.putConnectorConfig('a', config, { allowReplace: false, author: 'test' });
    await h.until(() => h.stores.configs.get('a') !== null);
    const request = {
      stop: () => h.herder.stopConnector('a'),
      delete: () => h.herder.deleteConnector('a'),
      put: () => h.herder.putConnectorConfig('a', config, { allowReplace: true, author: 'test' }),
    }[what]();
    h.script.connectorHangsIn = null;
    await h.source('b');
    await h.until(() => h.states('b') === 'RUNNING RUNNING');
    await h.run<unknown>(request);
    await created;
    if (what === 'stop') expect(h.states('a')).toBe('STOPPED');
    if (what === 'delete') expect(h.herder.connectors()).toEqual(['b']);
    if (what === 'put') await h.until(() => h.states('a') === 'RUNNING RUNNING');
    await h.run(h.herder.stop());
  });

  test('its stop is given up after a while, and the next one starts', async () => {
    const h = new HerderHarness();
    await h.source('a');
    await h.until(() => h.states('a') === 'RUNNING RUNNING');
    h.script.connectorHangsIn = 'stop';
    await h.source('a', { 'tasks.max': '2', tasks: '2' });
    await h.until(() => h.states('a') === 'RUNNING RUNNING RUNNING');
    expect(h.logLines).toContain('ERROR The connector a has not stopped within 10000 ms and is given up');
    h.script.connectorHangsIn = null;
    await h.run(h.herder.stop());
  });
});

test('a connector that raises an error FAILS, its tasks go on; one that has stopped can’t fail any more', async () => {
  const h = new HerderHarness();
  await h.source('a');
  await h.until(() => h.states('a') === 'RUNNING RUNNING');
  const first = h.script.connectorContext;
  first?.raiseError(new Error('the tables are gone'));
  expect(h.states('a')).toBe('FAILED RUNNING');
  expect(h.herder.connectorStatus('a').connector.trace).toMatch(/^java\.lang\.Error: the tables are gone/);
  await h.run(h.herder.restartConnector('a'));
  expect(h.states('a')).toBe('RUNNING RUNNING');
  first?.raiseError(new Error('late'));
  first?.requestTaskReconfiguration();
  await h.source('b');
  expect(h.states('a')).toBe('RUNNING RUNNING');
  await h.run(h.herder.stop());
});

test('requests to one connector run one after another, whatever comes at once', async () => {
  const h = new HerderHarness();
  await h.source('a');
  const results = await h.run(
    Promise.allSettled([
      h.herder.pauseConnector('a'),
      h.herder.deleteConnector('a'),
      h.herder.resumeConnector('a'),
      h.herder.connectorOffsets('a'),
      h.herder.putConnectorConfig(
        'a',
        { name: 'a', 'connector.class': NUMBER_SOURCE, topic: 't' },
        { allowReplace: false, author: 'test' },
      ),
      h.herder.stopConnector('a'),
    ]),
  );
  // A new configuration is checked before it gets in line, behind the stop.
  expect(results.map((it) => it.status)).toEqual([
    ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected'],
  ]);
  await h.until(() => h.states('a') === 'RUNNING RUNNING');
  await h.run(h.herder.stop());
});

test('any requests, in batches at once, leave what the last ones of each connector asked for, and no task without its connector', async () => {
  const names = ['a', 'b', 'c'];
  const what = fc.constantFrom(
    'put',
    'pause',
    'resume',
    'stop',
    'delete',
    'restart',
    'restartAll',
    'restartTask',
    'read',
  );
  const operation = fc.record({ what, name: fc.constantFrom(...names) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(operation, { maxLength: 6 }), { maxLength: 8 }), async (batches) => {
      const h = new HerderHarness();
      const ask = (it: { what: string; name: string }): Promise<unknown> => {
        const { herder } = h;
        switch (it.what) {
          case 'put':
            return herder.putConnectorConfig(
              it.name,
              { name: it.name, 'connector.class': NUMBER_SOURCE, topic: 't' },
              { allowReplace: true, author: 'test' },
            );
          case 'pause':
            return herder.pauseConnector(it.name);
          case 'resume':
            return herder.resumeConnector(it.name);
          case 'stop':
            return herder.stopConnector(it.name);
          case 'delete':
            return herder.deleteConnector(it.name);
          case 'restart':
            return herder.restartConnector(it.name);
          case 'restartAll':
            return herder.restartConnectorAndTasks({ connector: it.name, includeTasks: true, onlyFailed: false });
          case 'restartTask':
            return herder.restartTask(it.name, 0);
          default:
            return (async () => herder.connectorStatus(it.name))();
        }
      };
      const model = new Map<string, 'STARTED' | 'PAUSED' | 'STOPPED'>();
      for (const batch of batches) {
        const results = await h.run(Promise.allSettled(batch.map(ask)));
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(NotFoundException);
        // Within a batch the order is the one in which requests got in line; a batch of one is exact.
        if (batch.length === 1) {
          const { what, name } = batch[0] as { what: string; name: string };
          const before = model.get(name);
          if (what === 'put') model.set(name, before ?? 'STARTED');
          else if (before !== undefined && what === 'delete') model.delete(name);
          else if (before !== undefined && what === 'pause') model.set(name, 'PAUSED');
          else if (before !== undefined && what === 'resume') model.set(name, 'STARTED');
          else if (before !== undefined && what === 'stop') model.set(name, 'STOPPED');
        } else {
          model.clear();
          for (const name of h.herder.connectors())
            model.set(name, h.stores.configs.get(name)?.targetState ?? 'STARTED');
        }
        expect(new Set(h.herder.connectors())).toEqual(new Set(model.keys()));
        for (const [name, target] of model) {
          expect(h.stores.configs.get(name)?.targetState).toBe(target);
          const expected = { STARTED: /^RUNNING RUNNING$/, PAUSED: /^PAUSED(?: PAUSED)?$/, STOPPED: /^STOPPED$/ }[
            target
          ];
          h.script.wake();
          await h.until(() => expected.test(h.states(name)));
        }
        for (const name of names) {
          if (model.has(name)) continue;
          expect(h.stores.statuses.tasks(name).size).toBe(0);
          expect(h.herder.taskReports(name)).toEqual([]);
        }
      }
      await h.run(h.herder.stop());
      expect(h.kafka.producers.every(({ producer }) => producer.closed)).toBe(true);
      expect(h.time.pending).toBe(0);
    }),
    { numRuns: process.env.RUNNEL_TESTS === 'night' ? 3_000 : 60 },
  );
});
