import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConfigInfos, ConfigKeyInfo } from '../../common/connect/config-infos.ts';
import { buildProduct, checkTypes, linkRunnel, nodeTest, packAndInstall } from '../kit/plugin-author.ts';
import { manifestOf, moduleText, sourceText, writePackage } from '../kit/plugin-packages.ts';
import { PluginWorker } from '../kit/plugin-worker.ts';

/** Builds, packs, installs and starts, on a machine that is slow and busy. */
const HOOK_MS = 120_000;
const SOURCE = resolve(import.meta.dirname, '../../examples/folder-plugin');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runnel-example-')));
const copy = join(folder, 'folder-plugin');

beforeAll(async () => {
  await buildProduct();
  cpSync(SOURCE, copy, { recursive: true });
  linkRunnel(copy);
}, HOOK_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example has right types, and its tests pass', async () => {
  await checkTypes(copy, ['src/plugins.js', 'test/plugins.test.js']);
  await nodeTest(copy);
});

describe('packed, and installed on plugin.path where no Runnel is', () => {
  const spool = join(folder, 'spool');
  const output = join(folder, 'lines');
  let worker: PluginWorker;
  beforeAll(async () => {
    const plugins = join(folder, 'plugins');
    const installed = await packAndInstall(copy, 'runnel-folder-plugin', plugins);
    expect(existsSync(join(installed, 'node_modules'))).toBe(false);
    writePackage(join(folder, 'more/broken'), {
      'package.json': { name: 'broken', version: '1.0.0', runnel: { plugins: './plugins.js', api: 1 } },
      'plugins.js': 'export default 5;',
    });
    writePackage(join(folder, 'more/careless'), {
      'package.json': manifestOf({ name: 'careless' }),
      'plugins.js': moduleText(
        sourceText('task: () => ({ start() {}, poll: async () => [{ topic: "t", timestamp: 5 }], stop() {} }),'),
      ),
    });
    mkdirSync(spool);
    writeFileSync(
      join(spool, '1.jsonl'),
      '{"kind":"books","id":968476484095610881,"title":"a, b"}\n{"kind":"none","id":2}\n',
    );
    worker = await PluginWorker.start(folder, {
      'plugin.path': `${plugins},${join(folder, 'more')}`,
      'value.converter': 'com.example.folder.CsvConverter',
      'value.converter.columns': 'id,title',
      'value.converter.plugin.version': '[1.0,2.0)',
    });
  }, HOOK_MS);
  afterAll(() => worker?.stop());

  const source = {
    'connector.class': 'JsonFolderSource',
    folder: spool,
    topic: 'unused',
    transforms: 'drop,route',
    'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
    'transforms.drop.predicate': 'none',
    'transforms.route.type': 'com.example.folder.TopicFromField',
    'transforms.route.field': 'kind',
    'transforms.route.prefix': 'orders-',
    predicates: 'none',
    'predicates.none.type': 'com.example.folder.FieldEquals',
    'predicates.none.field': 'kind',
    'predicates.none.value': 'none',
  };
  const lines = () => (existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : []);

  test('its plugins are listed by version and type, and the broken package beside it is in the log with its reason', async () => {
    await worker.until(async () => {
      const { body } = await worker.ask('GET', '/connector-plugins?connectorsOnly=false');
      return JSON.stringify(body).includes('com.example.folder');
    });
    const { body } = await worker.ask('GET', '/connector-plugins?connectorsOnly=false');
    expect((body as { class: string }[]).filter((it) => it.class.startsWith('com.example.folder'))).toEqual([
      { class: 'com.example.folder.JsonFolderSourceConnector', type: 'source', version: '1.0.0' },
      { class: 'com.example.folder.TopicFromField', type: 'transformation', version: '1.0.0' },
      { class: 'com.example.folder.FieldEquals', type: 'predicate', version: '1.0.0' },
      { class: 'com.example.folder.CsvConverter', type: 'converter', version: '1.0.0' },
    ]);
    await worker.until(() => worker.log.includes('its default export is 5, not an array'));
    expect(worker.log).toContain('Plugin package broken 1.0.0');
    expect(worker.log).toContain('Write export default [ … ]');
  });

  test('its keys and its checks are there', async () => {
    const { body } = await worker.ask('GET', '/connector-plugins/JsonFolderSource/config?version=1.0.0');
    expect((body as ConfigKeyInfo[]).find(({ name }) => name === 'batch.size')).toMatchObject({
      type: 'INT',
      default_value: '1000',
      importance: 'LOW',
    });
    const wrong = {
      ...source,
      folder: join(folder, 'absent'),
      'batch.size': '0',
      'transforms.route.when.missing': 'no',
    };
    const validate = async (config: object) => {
      const answer = await worker.ask('PUT', '/connector-plugins/JsonFolderSource/config/validate', {
        name: 'x',
        ...config,
      });
      return (answer.body as ConfigInfos).configs.flatMap(({ value }) => value.errors);
    };
    expect(await validate(wrong)).toEqual([
      'Invalid value no for configuration when.missing: String must be one of: fail, keep, drop',
      'Invalid value 0 for configuration batch.size: Value must be at least 1',
    ]);
    expect(await validate({ ...source, folder: join(folder, 'absent') })).toEqual([
      `${join(folder, 'absent')} is no folder that can be read`,
    ]);
    expect(await validate({ ...source, 'connector.plugin.version': '[2,)' })).toEqual(
      Array(2).fill(
        'Plugin com.example.folder.JsonFolderSourceConnector not found that matches the version range [2,), available versions: [1.0.0]',
      ),
    );
  });

  test('records go from the folder through its predicate, transformation and converter into a topic', async () => {
    await worker.put('orders', { ...source, 'connector.plugin.version': '[1.0,2.0)' });
    await worker.put('out', {
      'connector.class': 'FileStreamSink',
      topics: 'orders-books',
      file: output,
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    });
    await worker.until(() => lines().length === 1);
    writeFileSync(join(spool, '2.jsonl'), '{"kind":"books","id":3,"title":"\\"c\\""}\n');
    await worker.until(() => lines().length === 2);
    expect(lines()).toEqual(['968476484095610881,"a, b"', '3,"""c"""']);
    await worker.until(async () => {
      const { body } = await worker.ask('GET', '/connectors/orders/offsets');
      return JSON.stringify(body).includes('2.jsonl');
    });
    expect((await worker.ask('GET', '/connectors/orders/offsets')).body).toEqual({
      offsets: [{ partition: { folder: spool }, offset: { file: '2.jsonl', line: 1 } }],
    });
  });

  test('a restart of its process goes on where it was', async () => {
    expect((await worker.ask('POST', '/connectors/orders/restart?includeTasks=true')).status).toBe(202);
    writeFileSync(join(spool, '3.jsonl'), '{"kind":"books","id":4,"title":"d"}\n');
    await worker.until(() => lines().length >= 3);
    expect(lines().slice(2)).toEqual(['4,d']);
  });

  test('a careless plugin beside it fails by itself, with a sentence that names the class, the call and the cure', async () => {
    await worker.put('careless', { 'connector.class': 'com.example.Source', topic: 't' });
    expect((await worker.failure('careless')).split('\n')[0]).toBe(
      "org.apache.kafka.connect.errors.ConnectException: com.example.Source: in what poll() returned a record's kafkaPartition is undefined: write null, or a number from 0",
    );
    expect((await worker.ask('GET', '/connectors/orders/status')).body).toMatchObject({
      tasks: [{ state: 'RUNNING' }],
    });
  });

  test('its offsets are altered when they are such as it knows', async () => {
    expect((await worker.ask('PUT', '/connectors/orders/stop')).status).toBe(204);
    const alter = (offset: object) =>
      worker.ask('PATCH', '/connectors/orders/offsets', { offsets: [{ partition: { folder: spool }, offset }] });
    await worker.until(async () => (await alter({ file: '2.jsonl', line: 0 })).status === 200);
    const { status, body } = await alter({ file: '../x' });
    expect([status, (body as { message: string }).message]).toEqual([
      expect.any(Number),
      expect.stringContaining('An offset of a folder is {"file": "name of a file", "line": number}'),
    ]);
  });
});
