import type { ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Admin } from '../../../main/kafka/api.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { silentLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { CONNECT_STANDALONE, linkFileStream, untilItAnswers } from '../../kit/apache-connect.ts';
import { type ApacheKafka, freePort, spawnJava, startApacheKafka } from '../../kit/apache-kafka.ts';
import { type FolderOptions, filled, writeConnectFolder } from '../../kit/connect-folder.ts';
import { needs } from '../../kit/needs.ts';
import { spawnRunnel } from '../../kit/runnel.ts';

/** The same folder of a Connect user, run by Kafka's worker and by ours, on one Kafka; names carry the side. */
interface Side extends FolderOptions {
  url: string;
  child: ChildProcess;
  /** What it said, of ours. */
  output: () => string;
}

interface Answer {
  status: number;
  body: unknown;
}

describe.skipIf(needs('kafka'))('a Connect user’s folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'runnel-folder-'));
  const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
  let kafka: ApacheKafka;
  let admin: Admin;
  let java: Side;
  let ours: Side;
  const sides = () => [java, ours];

  beforeAll(async () => {
    kafka = await startApacheKafka({ 'auto.create.topics.enable': 'false' });
    admin = clients.admin({ 'bootstrap.servers': kafka.bootstrapServers });
    linkFileStream(join(root, 'plugins'));
    [java, ours] = await Promise.all([start('jjjj', root), start('rrrr', root)]);
  });
  afterAll(async () => {
    await Promise.all([stop(java), stop(ours)]);
    await admin?.close();
    await kafka?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  async function start(side: string, parent: string): Promise<Side> {
    const port = await freePort();
    const options: FolderOptions = {
      folder: join(parent, side),
      side,
      bootstrapServers: kafka.bootstrapServers,
      port,
      pluginPath: join(parent, 'plugins'),
    };
    const { worker, connectors } = writeConnectFolder(options);
    return run(options, [worker, ...connectors]);
  }

  /** As a person runs it: by the name of the command and the files. */
  async function run(options: FolderOptions, files: readonly string[]): Promise<Side> {
    const child =
      options.side === 'jjjj' ? spawnJava(CONNECT_STANDALONE, files) : spawnRunnel(['connect-standalone', ...files]);
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const url = `http://127.0.0.1:${options.port}`;
    await untilItAnswers(child, url);
    return { ...options, url, child, output: () => text };
  }

  async function stop(side: Side | undefined): Promise<number | null> {
    if (side === undefined || side.child.exitCode !== null) return side?.child.exitCode ?? null;
    const exited = new Promise<number | null>((resolve) => side.child.once('exit', resolve));
    side.child.kill('SIGTERM');
    return exited;
  }

  async function ask(side: Side, method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? undefined : filled(JSON.stringify(body), side);
    const response = await fetch(side.url + filled(path, side), {
      method,
      headers: text === undefined ? {} : { 'content-type': 'application/json' },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, body: answer === '' ? null : normal(JSON.parse(same(side, answer))) };
  }

  /** Both sides', one after the other: they share a Kafka, not a word else. */
  async function askBoth(method: string, path: string, body?: unknown): Promise<[Answer, Answer]> {
    return [await ask(java, method, path, body), await ask(ours, method, path, body)];
  }

  const until = async (what: string, condition: () => boolean | Promise<boolean>) => {
    const began = performance.now();
    while (!(await condition())) {
      if (performance.now() - began > 60_000) throw new Error(`Never: ${what}\n${ours.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const states = async (side: Side, name: string) => {
    const { body } = await ask(side, 'GET', `/connectors/${name}/status`);
    const status = body as { connector?: { state: string }; tasks?: { state: string }[] };
    return [status.connector?.state, ...(status.tasks ?? []).map(({ state }) => state)].join(' ');
  };

  const linesOf = (side: Side) => {
    const file = join(side.folder, 'out.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1).sort() : [];
  };

  /** Everything in a topic: partition by partition, keys, values and headers as bytes. */
  async function contents(topic: string): Promise<string[][]> {
    const reader = clients.partitionReader({ 'bootstrap.servers': kafka.bootstrapServers });
    try {
      const [description] = await admin.describeTopics([topic]);
      const partitions = (description?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
      await reader.assign(partitions.map((it) => ({ ...it, start: 'earliest' as const })));
      const ends = [...(await reader.endOffsets(partitions)).values()].reduce((sum, end) => sum + Number(end), 0);
      const records: string[][] = [];
      while (records.length < ends) {
        for (const { key, value, headers } of (await reader.poll(500)).records)
          records.push([text(key), text(value), headers.map((it) => `${text(it.key)}=${text(it.value)}`).join()]);
      }
      return records;
    } finally {
      await reader.close();
    }
  }

  test('is run by ours with the same bytes in topics, the same file and the same answers of REST', async () => {
    await until('all lines are out', () => sides().every((side) => linesOf(side).length === 5));
    expect(linesOf(ours)).toEqual(linesOf(java));
    expect(linesOf(ours)).toContain('{"line":"ümläut €","ort":"grüß dich"}');
    const [theirs, mine] = await Promise.all(sides().map((side) => contents(`${side.side}-lines`)));
    expect(mine?.sort()).toEqual(theirs?.sort());
    expect(mine).toHaveLength(5);
    const [names, known] = await askBoth('GET', '/connectors');
    expect((known.body as string[]).sort()).toEqual((names.body as string[]).sort());
    for (const path of ['/connectors?expand=info&expand=status', '/connectors/{side}-source/config']) {
      const [their, our] = await askBoth('GET', path);
      expect(our).toEqual(their);
    }
  });

  test('creates topics as it says: partitions, and settings that may come from a provider', async () => {
    for (const { side } of sides()) {
      const [topic] = await admin.describeTopics([`${side}-lines`]);
      expect(topic?.partitions).toHaveLength(2);
      const configs = (await admin.describeTopicConfigs([`${side}-lines`])).get(`${side}-lines`);
      expect(configs?.find(({ name }) => name === 'retention.ms')?.value).toBe('86400000');
    }
  });

  test('tells once what has no effect here and what nobody knows, and never a value of a provider', async () => {
    const said = ours.output();
    expect(said.match(/group\.id, offset\.storage\.topic, .* have no effect/g)).toHaveLength(1);
    expect(said.match(/These configurations '\[.*my\.own\.note.*\]' were supplied but are not used yet/g)).toHaveLength(
      1,
    );
    expect(said).not.toContain('CANARY');
  });

  describe('groups of topic creation', () => {
    const groups = {
      'topic.creation.groups': 'compacted, other',
      'topic.creation.default.partitions': '1',
      'topic.creation.default.replication.factor': '-1',
      'topic.creation.compacted.include': '{side}-comp.*, {side}-x',
      'topic.creation.compacted.exclude': '.*-not',
      'topic.creation.compacted.partitions': '3',
      'topic.creation.compacted.cleanup.policy': 'compact',
      'topic.creation.other.include': '.*',
      'topic.creation.other.exclude': '{side}-default',
      'topic.creation.other.segment.bytes': '1048576',
    };
    const source = (topic: string, more: Record<string, string>) => ({
      'connector.class': 'FileStreamSource',
      'tasks.max': '1',
      file: '{folder}/in.txt',
      topic: `{side}-${topic}`,
      ...more,
    });
    const shape = async (topic: string) => {
      const [description] = await admin.describeTopics([topic]);
      const configs = (await admin.describeTopicConfigs([topic])).get(topic) ?? [];
      const set = configs.filter(({ isDefault }) => !isDefault).map(({ name, value }) => `${name}=${value}`);
      return [description?.partitions.length, description?.partitions[0]?.replicas.length, ...set.sort()];
    };

    test('make topics as Connect makes them', async () => {
      const topics = ['compacted-1', 'compacted-not', 'x', 'xx', 'default'];
      for (const topic of topics) {
        const config = source(topic, groups);
        const [their, our] = await askBoth('POST', '/connectors', { name: `{side}-${topic}`, config });
        expect(our.status).toBe(201);
        expect(our).toEqual(their);
      }
      const names = sides().flatMap(({ side }) => topics.map((topic) => `${side}-${topic}`));
      await until('topics are there', async () => {
        const there = await admin.listTopics();
        return names.every((name) => there.includes(name));
      });
      for (const topic of topics) expect(await shape(`rrrr-${topic}`)).toEqual(await shape(`jjjj-${topic}`));
      await Promise.all(topics.map((topic) => askBoth('DELETE', `/connectors/{side}-${topic}`)));
    });

    test('a topic that is there stays as it is', async () => {
      for (const { side } of sides())
        await admin.createTopics([{ name: `${side}-compacted-there`, numPartitions: 1, replicationFactor: 1 }]);
      await askBoth('POST', '/connectors', { name: '{side}-there', config: source('compacted-there', groups) });
      await until('lines are in it', async () =>
        (await Promise.all(sides().map(({ side }) => contents(`${side}-compacted-there`)))).every(
          (it) => it.length === 5,
        ),
      );
      expect(await shape('rrrr-compacted-there')).toEqual(await shape('jjjj-compacted-there'));
      await askBoth('DELETE', '/connectors/{side}-there');
    });

    test('a topic that can’t be made fails the task in Connect’s words', async () => {
      const bad = {
        ...groups,
        'topic.creation.default.replication.factor': '3',
        'topic.creation.default.partitions': '1',
      };
      await askBoth('POST', '/connectors', {
        name: '{side}-bad',
        config: source('default-bad', { ...bad, 'topic.creation.groups': '' }),
      });
      for (const side of sides())
        await until('it failed', async () => (await states(side, '{side}-bad')) === 'RUNNING FAILED');
      const traces = await Promise.all(
        sides().map(async (side) => {
          const { body } = await ask(side, 'GET', '/connectors/{side}-bad/status');
          return (body as { tasks: { trace: string }[] }).tasks[0]?.trace.split('\n')[0];
        }),
      );
      expect(traces[1]).toBe(traces[0]);
      await askBoth('DELETE', '/connectors/{side}-bad');
    });

    test('without settings and without the broker’s own creation the topic is waited for', async () => {
      await ask(ours, 'POST', '/connectors', { name: '{side}-waits', config: source('waits', {}) });
      await until('it runs', async () => (await states(ours, '{side}-waits')) === 'RUNNING RUNNING');
      expect((await admin.listTopics()).filter((it) => it.endsWith('-waits'))).toEqual([]);
      await ask(ours, 'DELETE', '/connectors/{side}-waits');
    });
  });

  describe('what a policy does not allow', () => {
    const config = {
      name: '{side}-policy',
      'connector.class': 'FileStreamSource',
      topic: '{side}-policy',
      file: '{folder}/in.txt',
      'producer.override.linger.ms': '5',
      'producer.override.acks': '1',
      'producer.override.sasl.mechanism': 'PLAIN',
    };
    const errors = ({ body }: Answer) =>
      (body as { configs: { value: { name: string; errors: string[] } }[] }).configs
        .filter(({ value }) => value.name.includes('.override.'))
        .map(({ value }) => [value.name, value.errors])
        .sort();

    test('is an error of its key in validate', async () => {
      const [their, our] = await askBoth('PUT', '/connector-plugins/FileStreamSource/config/validate', config);
      expect(errors(our)).toEqual(errors(their));
      expect((our.body as { error_count: number }).error_count).toBe(
        (their.body as { error_count: number }).error_count,
      );
    });

    test('is refused at creation', async () => {
      const [their, our] = await askBoth('POST', '/connectors', { name: '{side}-policy', config });
      expect(our.status).toBe(400);
      expect(sentences(our)).toEqual(sentences(their));
    });
  });

  describe('offsets', () => {
    const sinkPartition = { kafka_topic: '{side}-lines', kafka_partition: 0 };
    const one = (partition: unknown, offset: unknown) => [{ partition, offset }];
    const SINK_CHANGES: readonly unknown[] = [
      one(sinkPartition, { kafka_offset: 1 }),
      one(sinkPartition, null),
      one({ kafka_topic: '{side}-nope', kafka_partition: 0 }, null),
      one({ kafka_topic: '{side}-nope', kafka_partition: 0 }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: 7 }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: '0' }, { kafka_offset: '2' }),
      one({ ...sinkPartition, kafka_partition: -1 }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: 0.5 }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: 'x' }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: true }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: null }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_partition: 2147483648 }, { kafka_offset: 1 }),
      one({ ...sinkPartition, kafka_topic: null }, { kafka_offset: 1 }),
      one({ kafka_topic: '{side}-lines' }, { kafka_offset: 1 }),
      one({ kafka_partition: 0 }, { kafka_offset: 1 }),
      one({}, { kafka_offset: 1 }),
      one(null, { kafka_offset: 1 }),
      [{ offset: { kafka_offset: 1 } }],
      one(sinkPartition, { kafka_offset: -1 }),
      one(sinkPartition, { kafka_offset: 'x' }),
      one(sinkPartition, { kafka_offset: 1.5 }),
      one(sinkPartition, { kafka_offset: null }),
      one(sinkPartition, {}),
      one(sinkPartition, { kafka_offset: 99999 }),
      one({ ...sinkPartition, x: 1 }, { kafka_offset: 1, y: 2 }),
      [...one(sinkPartition, { kafka_offset: 1 }), ...one(sinkPartition, { kafka_offset: 2 })],
      [...one(sinkPartition, { kafka_offset: 1 }), ...one({ ...sinkPartition, kafka_partition: 1 }, null)],
      [...one(sinkPartition, { kafka_offset: 1 }), ...one(sinkPartition, null)],
      [],
    ];

    test('of a sink can’t be changed while it runs, nor while others read for its group', async () => {
      const change = { offsets: one(sinkPartition, { kafka_offset: 1 }) };
      const [theirs, mine] = await askBoth('PATCH', '/connectors/{side}-sink/offsets', change);
      expect(mine).toEqual(theirs);
      await askBoth('PUT', '/connectors/{side}-sink/stop');
      for (const side of sides()) {
        await until('it stopped', async () => (await states(side, '{side}-sink')) === 'STOPPED');
        const consumer = clients.consumer({
          'bootstrap.servers': kafka.bootstrapServers,
          'group.id': `connect-${side.side}-sink`,
        });
        consumer.subscribe([`${side.side}-lines`]);
        try {
          await until('it is a member', async () => {
            await consumer.poll(100);
            return consumer.assignment().length > 0;
          });
          for (const [method, body] of [
            ['PATCH', change],
            ['PATCH', { offsets: one(sinkPartition, null) }],
            ['DELETE', undefined],
          ] as const) {
            const answer = await ask(side, method, '/connectors/{side}-sink/offsets', body);
            expect(answer.status).toBe(500);
            expect((answer.body as { message: string }).message).toMatch(
              /^Failed to (?:alter|reset) consumer group offsets for connector <side>-sink either because its tasks haven't stopped completely yet or the connector was resumed before the request to (?:alter|reset) its offsets could be successfully completed\. If the connector is in a stopped state, this operation can be safely retried\./,
            );
          }
        } finally {
          await consumer.close();
        }
      }
    });

    test('of a sink are reset, also twice; then nothing can be forgotten in a group that is gone', async () => {
      for (const _ of [1, 2]) {
        const [theirs, mine] = await askBoth('DELETE', '/connectors/{side}-sink/offsets');
        expect(mine).toEqual(theirs);
      }
      await expectSame('{side}-sink', one(sinkPartition, null));
    });

    test.each(SINK_CHANGES.map((offsets) => [JSON.stringify(offsets), offsets] as const))(
      'of a sink: %s',
      async (_, offsets) => {
        await expectSame('{side}-sink', offsets);
      },
    );

    const sourcePartition = { filename: '{folder}/in.txt' };
    const SOURCE_CHANGES: readonly unknown[] = [
      one(sourcePartition, { position: 5 }),
      one(sourcePartition, { position: -1 }),
      one(sourcePartition, { position: '3' }),
      one(sourcePartition, { position: 1.5 }),
      one(sourcePartition, { position: null }),
      one(sourcePartition, { x: 1 }),
      one({ x: 1 }, null),
      one({ x: 1 }, { position: 1 }),
      one(null, { position: 1 }),
      one(null, null),
      [{ offset: { position: 1 } }],
      one({ ...sourcePartition, y: 2 }, { position: 1, z: 3 }),
      one({ filename: '/other' }, { position: 1 }),
      one({ filename: 5 }, { position: 1 }),
      one({ filename: null }, { position: 1 }),
      [...one(sourcePartition, { position: 2 }), ...one(sourcePartition, { position: 4 })],
      [...one(sourcePartition, { position: 2 }), ...one(sourcePartition, null)],
      [{ partition: sourcePartition }],
    ];

    test.each(SOURCE_CHANGES.map((offsets) => [JSON.stringify(offsets), offsets] as const))(
      'of a source: %s',
      async (_, offsets) => {
        await askBoth('PUT', '/connectors/{side}-source/stop');
        for (const side of sides())
          await until('it stopped', async () => (await states(side, '{side}-source')) === 'STOPPED');
        await expectSame('{side}-source', offsets);
      },
    );

    test('of a source are reset', async () => {
      const [theirs, mine] = await askBoth('DELETE', '/connectors/{side}-source/offsets');
      expect(mine).toEqual(theirs);
      const [their, our] = await askBoth('GET', '/connectors/{side}-source/offsets');
      expect(our).toEqual(their);
    });

    /** The same status, the same sentence (behind it there may be a reason), and the same offsets after it. */
    async function expectSame(connector: string, offsets: unknown): Promise<void> {
      const [theirs, mine] = await askBoth('PATCH', `/connectors/${connector}/offsets`, { offsets });
      expect(mine.status).toBe(theirs.status);
      const [their, our] = [theirs, mine].map(({ body }) => (body as { message: string }).message) as [string, string];
      expect(our.slice(0, their.length)).toBe(their);
      const [before, after] = await askBoth('GET', `/connectors/${connector}/offsets`);
      expect(listed(after)).toEqual(listed(before));
    }
  });

  test('goes on where Kafka’s worker stopped: its offsets are imported, nothing is lost or comes twice', async () => {
    const moved: [string, string][] = [
      ['ascii', 'plain line'],
      ['umlaut', 'grün € 😀 line'],
    ];
    const line = (text: string, from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `${text} ${from + i}\n`).join('');
    for (const [name, text] of moved) {
      const file = `{folder}/${name}.txt`;
      writeFileSync(filled(file, java), line(text, 0, 500));
      const config = {
        'connector.class': 'FileStreamSource',
        file,
        topic: `{side}-${name}`,
        'batch.size': '100',
        'topic.creation.default.partitions': '1',
        'topic.creation.default.replication.factor': '1',
      };
      await ask(java, 'PUT', `/connectors/{side}-${name}/config`, config);
      writeFileSync(
        filled(`{folder}/${name}.properties`, java),
        Object.entries({ name: `{side}-${name}`, ...config })
          .map(([key, value]) => `${key}=${filled(value, java)}\n`)
          .join(''),
      );
    }
    await until('half is there', async () => {
      const topics = await admin.listTopics();
      if (!moved.every(([name]) => topics.includes(`jjjj-${name}`))) return false;
      const counts = await Promise.all(moved.map(([name]) => contents(`jjjj-${name}`)));
      return counts.every((it) => it.length >= 200);
    });
    expect(await stop(java)).not.toBeNull();
    const offsetsFile = readFileSync(join(java.folder, 'connect.offsets'));
    const half = await contents('jjjj-umlaut');
    for (const [name, text] of moved) appendFileSync(join(java.folder, `${name}.txt`), line(text, 500, 600));
    await stop(ours);
    const names = moved.map(([name]) => join(java.folder, `${name}.properties`));
    ours = await run({ ...java, side: 'rrrr' }, [join(java.folder, 'worker.properties'), ...names.map((it) => it)]);
    await until('all of it is there', async () =>
      (await Promise.all(moved.map(([name]) => contents(`jjjj-${name}`)))).every((it) => it.length >= 600),
    );
    for (const [name, text] of moved) {
      const values = (await contents(`jjjj-${name}`)).map(([, value]) => JSON.parse(value as string) as string);
      expect(values).toEqual(line(text, 0, 600).split('\n').slice(0, -1));
    }
    expect(half.length).toBeGreaterThanOrEqual(200);
    expect(ours.output()).toMatch(/Imported the offsets of \d+ source partitions/);
    expect(readFileSync(join(java.folder, 'connect.offsets')).equals(offsetsFile)).toBe(true);
  });
});

function text(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : Buffer.from(bytes).toString('utf8');
}

/** Without what is a side's own. */
function same(side: Side, answer: string): string {
  return answer
    .replaceAll(side.folder, '<folder>')
    .replaceAll(`127.0.0.1:${side.port}`, '<worker>')
    .replaceAll(side.side, '<side>');
}

/** Java's hash maps have no order. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, normal(item)]),
  );
}

function sentences({ body }: Answer): string[] {
  return (body as { message: string }).message.split('\n').sort();
}

function listed({ status, body }: Answer): unknown[] {
  const { offsets = [] } = body as { offsets?: { partition: unknown; offset: Record<string, unknown> }[] };
  // The fingerprint beside a position is ours.
  const shown = offsets.map(({ partition, offset: { fingerprint: _, ...offset } }) =>
    JSON.stringify([partition, offset]),
  );
  return [status, ...shown.sort()];
}
