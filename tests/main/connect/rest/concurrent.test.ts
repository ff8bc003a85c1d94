import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ConnectStandalone, startConnectStandalone } from '../../../../main/connect/connect-standalone.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';
import { REST_WORKER } from '../../../kit/connect-rest/play.ts';
import { MemoryKafka } from '../../../kit/memory-kafka.ts';

let folder: string;
let worker: ConnectStandalone;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-concurrent-'));
  writeFileSync(join(folder, 'in.txt'), 'one\n');
  const kafka = new MemoryKafka();
  kafka.addTopic('t');
  worker = await startConnectStandalone({
    properties: {
      ...REST_WORKER,
      'bootstrap.servers': 'memory:9092',
      'offset.storage.file.filename': join(folder, 'offsets'),
      listeners: 'http://127.0.0.1:0',
    },
    clients: kafka.clients(systemTime),
    time: systemTime,
    logger: silentLogger,
    random: () => 0.5,
    taskThread: null,
    onLog: () => {},
  });
});
afterEach(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method: string, path: string, body?: unknown): Promise<number> {
  const response = await fetch(`${worker.restUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
}
const config = (extra: Record<string, string> = {}) => ({
  'connector.class': 'FileStreamSource',
  topic: 't',
  file: join(folder, 'in.txt'),
  ...extra,
});

test('requests to the same connectors at once are all answered, and leave them as one of their orders would', async () => {
  const names = ['a', 'b', 'c'];
  const requests: ((name: string) => Promise<number>)[] = [
    (name) => ask('PUT', `/connectors/${name}/config`, config()),
    (name) => ask('PUT', `/connectors/${name}/pause`),
    (name) => ask('DELETE', `/connectors/${name}`),
    (name) => ask('PUT', `/connectors/${name}/resume`),
    (name) => ask('GET', `/connectors/${name}/offsets`),
    (name) => ask('PUT', `/connectors/${name}/stop`),
    (name) => ask('DELETE', `/connectors/${name}/offsets`),
    (name) => ask('POST', `/connectors/${name}/restart?includeTasks=true`),
    (name) => ask('POST', `/connectors/${name}/tasks/0/restart`),
    () => ask('GET', '/connectors?expand=info&expand=status'),
    (name) => ask('PATCH', `/connectors/${name}/config`, { x: '1' }),
  ];
  const sent: Promise<number>[] = [];
  for (let round = 0; round < 12; round++)
    for (const name of names)
      for (let i = 0; i < requests.length; i++)
        sent.push((requests[(i * 7 + round * 5) % requests.length] as (typeof requests)[0])(name));
  const statuses = await Promise.all(sent);
  expect(statuses).toHaveLength(396);
  // 400: offsets while it runs; 404: deleted before its turn.
  expect([...new Set(statuses)].filter((status) => ![200, 201, 202, 204, 400, 404].includes(status))).toEqual([]);
  for (const name of names) {
    expect([200, 201]).toContain(await ask('PUT', `/connectors/${name}/config`, config()));
    expect(await ask('DELETE', `/connectors/${name}`)).toBe(204);
  }
  expect(worker.herder.connectors()).toEqual([]);
}, 60_000);

test('whatever a 2xx says has been done is in the file already', async () => {
  const other = new BetterSqlite3(worker.databasePath, { readonly: true });
  const row = () =>
    other
      .prepare(
        'SELECT target_state AS state, config FROM connector JOIN connector_config ON connector = name AND version = config_version WHERE name = ?',
      )
      .get('a') as { state: string; config: string } | undefined;
  const offsets = () => other.prepare('SELECT count(*) AS n FROM source_offset WHERE "offset" LIKE ?').get('%77%');
  try {
    expect(await ask('POST', '/connectors', { name: 'a', config: config({ x: '1' }) })).toBe(201);
    expect(row()).toMatchObject({ state: 'STARTED', config: expect.stringContaining('"x":"1"') });
    expect(await ask('PUT', '/connectors/a/config', config({ x: '2' }))).toBe(200);
    expect(row()?.config).toContain('"x":"2"');
    expect(await ask('PATCH', '/connectors/a/config', { x: '3' })).toBe(200);
    expect(row()?.config).toContain('"x":"3"');
    expect(await ask('PUT', '/connectors/a/pause')).toBe(202);
    expect(row()?.state).toBe('PAUSED');
    expect(await ask('PUT', '/connectors/a/resume')).toBe(202);
    expect(row()?.state).toBe('STARTED');
    expect(await ask('PUT', '/connectors/a/stop')).toBe(204);
    expect(row()?.state).toBe('STOPPED');
    const moved = { offsets: [{ partition: { filename: join(folder, 'in.txt') }, offset: { position: 77 } }] };
    expect(await ask('PATCH', '/connectors/a/offsets', moved)).toBe(200);
    expect(offsets()).toEqual({ n: 1 });
    expect(await ask('DELETE', '/connectors/a/offsets')).toBe(200);
    expect(offsets()).toEqual({ n: 0 });
    expect(await ask('DELETE', '/connectors/a')).toBe(204);
    expect(row()).toBeUndefined();
  } finally {
    other.close();
  }
});
