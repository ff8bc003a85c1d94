import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectorStateInfo } from '../../common/connect/connector-state-info.ts';
import { freePort, runJava } from '../kit/apache-kafka.ts';
import { DistributedWorker } from '../kit/connect-distributed.ts';
import { needs } from '../kit/needs.ts';
import { toItsEnd, tracked } from '../kit/run-command.ts';
import { runRunnel } from '../kit/runnel.ts';
import { SpawnedSandbox } from '../kit/spawned-sandbox.ts';

/** Small segments that are compacted as soon as they are sealed, down to what must stay. */
const COMPACTED = { 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.01', 'delete.retention.ms': '100' };
const OWN_TOPICS = ['connect-configs', 'connect-offsets', 'connect-status'];
const SOURCES = ['source-a', 'source-b'] as const;
const CONNECTORS = [...SOURCES, 'sink'];

let folder: string;
let sandbox: SpawnedSandbox;
let workers: DistributedWorker[];

/** As a workshop would set it up, with shorter time-outs. */
function clusterProperties(server: string): Record<string, string> {
  const topics = ['config', 'offset', 'status'].flatMap((topic, i) => [
    [`${topic}.storage.topic`, OWN_TOPICS[i] as string],
    [`${topic}.storage.replication.factor`, '1'],
    ...(topic === 'config' ? [] : [[`${topic}.storage.partitions`, '2']]),
    ...Object.entries(COMPACTED).map(([name, value]) => [`${topic}.storage.${name}`, value]),
  ]);
  return {
    'bootstrap.servers': server,
    'group.id': 'connect-cluster',
    ...Object.fromEntries(topics),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'exactly.once.source.support': 'enabled',
    'offset.flush.interval.ms': '500',
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '500',
    'scheduled.rebalance.max.delay.ms': '500',
  };
}

/** Files that grow by numbered lines as long as it runs. */
class GrowingFiles {
  readonly written = new Map<string, string[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(names: readonly string[]) {
    for (const name of names) this.written.set(name, []);
  }

  pathOf(name: string): string {
    return join(folder, `${name}.txt`);
  }

  grow(): void {
    this.#timer = setInterval(() => {
      for (const [name, lines] of this.written) {
        const line = `${name} ${lines.length}`;
        lines.push(line);
        appendFileSync(this.pathOf(name), `${line}\n`);
      }
    }, 20);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function until(what: string, isSo: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}\n${await said()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function said(): Promise<string> {
  const status = await Promise.all(workers.map((worker) => runRunnel(['connect', 'list', '--url', worker.url])));
  return [
    ...status.map(({ stdout, stderr }) => `${stdout}${stderr}`),
    sandbox.log,
    ...workers.map(({ log }) =>
      log
        .split('\n')
        .filter((line) => /ERROR|WARN/.test(line))
        .slice(-40)
        .join('\n'),
    ),
  ].join('\n---\n');
}

const statusOf = async (worker: DistributedWorker, name: string) => {
  const response = await fetch(`${worker.url}/connectors/${name}/status`);
  return (await response.json()) as ConnectorStateInfo;
};

/** Workers of everything that runs, by the word of one of them; throws while something does not run. */
async function placesBy(worker: DistributedWorker): Promise<Map<string, string>> {
  const places = new Map<string, string>();
  for (const name of CONNECTORS) {
    const { connector, tasks } = await statusOf(worker, name);
    expect(tasks.length).toBeGreaterThan(0);
    for (const { state } of [connector, ...tasks]) expect(state).toBe('RUNNING');
    places.set(name, connector.worker_id);
    for (const { id, worker_id } of tasks) places.set(`${name}-${id}`, worker_id);
  }
  return places;
}

/** What a reader of committed records finds, by librdkafka. */
async function committedLines(topic: string): Promise<string[]> {
  const args = ['-b', sandbox.server, '-C', '-t', topic, '-o', 'beginning', '-e', '-q'];
  const { stdout } = await toItsEnd(
    tracked(spawn('kcat', [...args, '-X', 'isolation.level=read_committed'], { stdio: 'pipe' })),
  );
  return String(stdout)
    .split('\n')
    .filter((line) => line !== '');
}

const sinkLines = () => readFileSync(join(folder, 'sunk.txt'), 'utf8').split('\n').slice(0, -1);

describe.skipIf(needs('kafka', 'kcat'))('a Kafka Connect cluster of two workers on the sandbox', () => {
  const files = new GrowingFiles(SOURCES);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'connect-cluster-'));
    sandbox = new SpawnedSandbox(join(folder, 'data'), await freePort());
    await sandbox.start();
    const properties = clusterProperties(sandbox.server);
    workers = [await DistributedWorker.make(properties), await DistributedWorker.make(properties)];
    await Promise.all(workers.map((worker) => worker.start()));
  });
  afterAll(async () => {
    files.stop();
    for (const worker of workers ?? []) await worker.dispose();
    await sandbox?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('runnel connect apply makes its connectors from a folder, and waits until they run', async () => {
    for (const name of SOURCES) {
      const config = {
        'connector.class': 'FileStreamSource',
        file: files.pathOf(name),
        topic: name,
        'exactly.once.support': 'required',
      };
      writeFileSync(files.pathOf(name), '');
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, config }));
    }
    const sink = { 'connector.class': 'FileStreamSink', topics: SOURCES.join(','), file: join(folder, 'sunk.txt') };
    writeFileSync(
      join(folder, 'sink.json'),
      JSON.stringify({
        name: 'sink',
        config: { ...sink, 'tasks.max': '2', 'consumer.override.auto.offset.reset': 'earliest' },
      }),
    );
    files.grow();
    const { code, stdout, stderr } = await runRunnel(['connect', 'apply', folder, '--wait', '--url', workers[1]!.url]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(String(stdout).trimEnd().split('\n').sort()).toEqual(CONNECTORS.map((name) => `${name} created`).sort());
    const [places, same] = [await placesBy(workers[0]!), await placesBy(workers[1]!)];
    expect(same).toEqual(places);
    expect([...places.keys()].filter((name) => name.includes('-0') || name.includes('-1'))).toHaveLength(4);
  });

  test('its work moves between the workers, and goes on, through a restart of each and of the sandbox', async () => {
    const [first, second] = workers as [DistributedWorker, DistributedWorker];
    const all = (places: Map<string, string>, { workerId }: DistributedWorker) =>
      [...places.values()].every((place) => place === workerId);
    const isShared = async () => new Set((await placesBy(first)).values()).size === 2;
    await until('both workers have tasks', isShared);

    await first.end('SIGKILL');
    await until('the second has everything', async () => all(await placesBy(second), second));
    await first.start();
    await until('the first has tasks again', isShared);

    await sandbox.end('SIGKILL');
    await sandbox.start();
    await flows();

    await second.end('SIGTERM');
    await until('the first has everything', async () => all(await placesBy(first), first));
    await second.start();
    await until('the second has tasks again', isShared);
    await flows();
  }, 480_000);

  test('then every line is in its topic once, in order, and in the file of the sink', async () => {
    files.stop();
    for (const [name, lines] of files.written) {
      await until(`${lines.length} lines in ${name}`, async () => (await committedLines(name)).length >= lines.length);
      expect(await committedLines(name)).toEqual(lines);
    }
    const wanted = [...files.written.values()].flat();
    expect(wanted.length).toBeGreaterThan(500);
    await until('every line in the sink', async () => new Set(sinkLines()).size >= wanted.length);
    expect(new Set(sinkLines())).toEqual(new Set(wanted));
  });

  test('its own topics were compacted meanwhile, and Kafka reads every file of them', async () => {
    const positions = await Promise.all(workers.map(({ url }) => positionOf(url, 'source-a')));
    const size = Buffer.byteLength(readFileSync(files.pathOf('source-a')));
    expect(positions).toEqual([size, size]);
    for (const worker of workers) await worker.end('SIGTERM');
    await sandbox.end('SIGTERM');
    const logs = readdirSync(sandbox.dataDir)
      .filter((name) => OWN_TOPICS.some((topic) => name.startsWith(`${topic}-`)))
      .flatMap((name) => readdirSync(join(sandbox.dataDir, name)).map((file) => join(sandbox.dataDir, name, file)))
      .filter((file) => /\.(log|index|timeindex)$/.test(file));
    const { code, stdout, stderr } = await runJava('org.apache.kafka.tools.DumpLogSegments', [
      ...['--deep-iteration', '--print-data-log', '--files', logs.join(',')],
    ]);
    expect(code, stderr).toBe(0);
    const dump = String(stdout);
    expect(dump).not.toMatch(/isvalid: false|Found timestamp mismatch|Index entries out of order|Mismatches in/);
    const offsets = [...dump.matchAll(/^\| offset: (\d+) .*payload: \{"position"/gm)].map(([, offset]) =>
      Number(offset),
    );
    expect(offsets.length).toBeGreaterThan(0);
    // Of each source the last position is left, and what came after the last compaction.
    expect(offsets.length).toBeLessThan(Math.max(...offsets) / 4);
  });
});

/** Where a source is in its file, by a worker's word. */
async function positionOf(url: string, name: string): Promise<number> {
  const { offsets } = (await (await fetch(`${url}/connectors/${name}/offsets`)).json()) as {
    offsets: [{ offset: { position: number } }];
  };
  return offsets[0].offset.position;
}

/** Lines come out at the other end again. */
async function flows(): Promise<void> {
  const before = new Set(sinkLines()).size;
  await until('lines in the sink', async () => new Set(sinkLines()).size > before);
}
