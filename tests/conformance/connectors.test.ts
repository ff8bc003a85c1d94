import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig, validateConfig } from '../../main/connect/api/config-validation.ts';
import type { ConfigMap, Connector, SinkConnector, SourceConnector } from '../../main/connect/api/connector.ts';
import type { SourceRecord } from '../../main/connect/api/records.ts';
import { SourceTaskDriver } from '../../main/connect/testkit/source-task-driver.ts';
import { CONNECTORS } from '../../main/connectors/index.ts';
import { sinkRecord, startSinkTask } from '../kit/sink-records.ts';

/** What every connector of the catalogue owes, whatever it does. */

const COMMON_KEYS = new Set(['name', 'connector.class', 'tasks.max', 'topics']);
const home = process.cwd();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-conformance-'));
  process.chdir(folder);
  // The file that the source's example follows.
  writeFileSync('test.txt', 'one\ntwo\n');
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const openFiles = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);
const simpleNames = (connector: Connector) => {
  const simple = connector.className.slice(connector.className.lastIndexOf('.') + 1);
  return [connector.className, simple, simple.replace(/Connector$/, '')];
};

test('no two share a name, short forms included', () => {
  const names = CONNECTORS.flatMap(simpleNames);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(CONNECTORS.map((connector) => [connector.className, connector] as const))(
  '%s',
  (className, connector) => {
    test('says what it is and what it promises', () => {
      expect(className).toMatch(/^([a-z0-9]+\.)+[A-Z]\w+(Source|Sink)Connector$/);
      expect(className.includes('Source')).toBe(connector.kind === 'source');
      expect(connector.version).toMatch(/^\d+\.\d+\.\d+/);
      expect(connector.summary).toMatch(/^[A-Z].{20,}\.$/);
      expect(connector.delivery).toMatch(/^(At least once|Exactly once|At most once)\b.*\.$/i);
    });

    test('documents every key, and its defaults pass its own checks', () => {
      for (const [name, key] of Object.entries(connector.config.keys)) {
        expect(name, 'Kafka’s way to write a key').toMatch(/^[a-z][a-z0-9]*([._][a-zA-Z0-9]+)*$/);
        expect(key.doc, name).toMatch(/^[A-Za-z].{10,}\.$/s);
        if (key.internal) continue;
        expect(key.displayName, name).toBeTruthy();
        if (name.startsWith('runnel.')) expect(key.doc).toContain('Only in Runnel');
        if (key.default === undefined) continue;
        if (key.default !== null) key.validator?.ensureValid(name, key.default);
      }
    });

    test('gives examples that are complete and right', async () => {
      expect(connector.examples.length).toBeGreaterThan(0);
      for (const { title, config } of connector.examples) {
        expect(title.length).toBeGreaterThan(10);
        expect(config.name).toMatch(/^[a-z0-9-]+$/);
        expect(simpleNames(connector)).toContain(config['connector.class']);
        expect(Object.hasOwn(config, 'topics')).toBe(connector.kind === 'sink');
        const unknown = Object.keys(config).filter(
          (key) => !COMMON_KEYS.has(key) && !Object.hasOwn(connector.config.keys, key),
        );
        expect(unknown).toEqual([]);
        expect(validateConfig(connector.config, config).flatMap((value) => value.errors)).toEqual([]);
        expect((await connector.validate?.(parseConfig(connector.config, config))) ?? []).toEqual([]);
      }
    });

    test('makes no more tasks than it may, of configurations that it can read', () => {
      for (const { config } of connector.examples) {
        const tasks = connector.taskConfigs?.(parseConfig(connector.config, config), config, 3) ?? [config];
        expect(tasks.length).toBeGreaterThan(0);
        expect(tasks.length).toBeLessThanOrEqual(3);
        for (const task of tasks) parseConfig(connector.config, task);
      }
    });

    test('runs its examples, and after stop nothing is left open or waiting', async () => {
      for (const { config } of connector.examples) {
        // What is loaded once and kept (a module, a font of posts) is no leak: the second run counts.
        await run(connector, config);
        const before = openFiles();
        await run(connector, config);
        expect(openFiles()).toBe(before);
      }
    });
  },
);

async function run(connector: Connector, config: ConfigMap): Promise<void> {
  if (connector.kind === 'sink') await runSink(connector, config);
  else await runSource(connector, config);
}

async function runSource(connector: SourceConnector, config: ConfigMap): Promise<void> {
  const driver = await new SourceTaskDriver(connector).start(config);
  const records: SourceRecord[] = [];
  while (records.length < 2) records.push(...(await driver.poll()));
  await driver.stop();
  expect(driver.time.pending).toBe(0);
  // Nobody polls after stop; a poll that was under way must not come back with records.
  for (const record of records) {
    expect(record.topic).toBe(config.topic);
    for (const value of [...Object.values(record.sourceOffset), ...Object.values(record.sourcePartition)])
      expect(typeof value === 'number' && Number.isInteger(value), 'int64 is bigint').toBe(false);
    expect(typeof record.timestamp).toBe('bigint');
    if (record.valueSchema === null) continue;
    const value = record.value;
    if (typeof value === 'object' && value !== null && 'validate' in value) (value as { validate(): void }).validate();
  }
  expect(driver.log.filter((line) => !line.startsWith('INFO'))).toEqual([]);
}

async function runSink(connector: SinkConnector, config: ConfigMap): Promise<void> {
  const { task, time } = await startSinkTask(connector, config);
  const int64 = [9_007_199_254_740_993n, 2n ** 63n - 1n, -(2n ** 63n)];
  await task.put([]);
  await task.put(int64.map((value, i) => sinkRecord(value, null, BigInt(i))));
  await task.flush?.([{ topic: 't', partition: 0, offset: 3n }]);
  await task.stop();
  expect(time.pending).toBe(0);
  if (config.file) for (const value of int64) expect(readFileSync(config.file, 'utf8')).toContain(`${value}\n`);
}
