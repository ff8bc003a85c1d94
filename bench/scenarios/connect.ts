import { statSync, unlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hasKafkaLibs } from '../../scripts/kafka-jars.mjs';
import { freePort } from '../../tests/kit/apache-kafka.ts';
import { apache, type Broker, type Contender, propertiesFile, runnel, temporaryFolder } from '../contenders.ts';
import { endOffsetReached } from '../end-offset.ts';
import { sha256, size, until, writeLines } from '../lines.ts';
import type { Measured } from '../process.ts';
import type { Rounds } from '../scenario.ts';
import type { Figures } from '../table.ts';
import { deleteTopics } from '../topics.ts';

const LINES = Number(process.env.RUNNEL_BENCH_LINES ?? 1_000_000);
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

/** HoistField, InsertField and RegexRouter, and JSON with its schema in the topic. */
const transformed = (insert: Readonly<Record<string, string>>) => ({
  'value.converter': JSON_CONVERTER,
  transforms: 'hoist,insert,route',
  'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
  'transforms.hoist.field': 'line',
  'transforms.insert.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  ...insert,
  'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.route.regex': '(.*)-unrouted',
  'transforms.route.replacement': '$1',
});

/** The worker with the file connectors. Both workers use the same broker and read the same file. */
export async function connectScenario(): Promise<Rounds> {
  const folder = temporaryFolder();
  const broker = await (hasKafkaLibs() ? apache : runnel).broker();
  const input = join(folder.path, 'in.txt');
  await writeLines(input, LINES);
  const outputs = new Map<string, string>();
  return {
    run: (contender, round) => new ConnectRound(contender, broker, `${contender.name}-${round}`, input, outputs).run(),
    async close() {
      await broker.stop();
      folder.remove();
    },
  };
}

class ConnectRound {
  readonly #contender: Contender;
  readonly #broker: Broker;
  /** Before the names of topics and connectors. */
  readonly #prefix: string;
  readonly #input: string;
  /** What a sink wrote, by scenario: all contenders have to write the same. */
  readonly #outputs: Map<string, string>;
  readonly #folder = temporaryFolder();
  readonly #figures: Figures = new Map();

  constructor(contender: Contender, broker: Broker, prefix: string, input: string, outputs: Map<string, string>) {
    this.#contender = contender;
    this.#broker = broker;
    this.#prefix = prefix;
    this.#input = input;
    this.#outputs = outputs;
  }

  async run(): Promise<Figures> {
    try {
      await this.#start();
      await this.#source('FileStreamSource', 'lines', {});
      await this.#sink('FileStreamSink', 'lines', {});
      const inserted = { 'transforms.insert.static.field': 'source', 'transforms.insert.static.value': 'bench' };
      await this.#source('FileStreamSource, 3 transformations, JSON', 'json', transformed(inserted), 'json-unrouted');
      await this.#sink(
        'FileStreamSink, JSON, 3 transformations',
        'json',
        transformed({ 'transforms.insert.offset.field': 'offset' }),
      );
      await this.#console('lines');
      await deleteTopics(this.#broker.bootstrapServers, ['first', 'lines', 'json'].map(this.#name));
      return this.#figures;
    } finally {
      this.#folder.remove();
    }
  }

  readonly #name = (name: string) => `${this.#prefix}-${name}`;

  #path(name: string): string {
    return join(this.#folder.path, name);
  }

  #set(name: string, better: 'lower' | 'higher', value: number): void {
    this.#figures.set(name, { value, better });
  }

  #connector(kind: 'Source' | 'Sink', name: string, settings: Readonly<Record<string, string>>): string {
    return propertiesFile(this.#path(`${name}-${kind}.properties`), {
      name: this.#name(`${name}-${kind}`),
      'connector.class': `FileStream${kind}`,
      'tasks.max': '1',
      ...settings,
    });
  }

  #worker(connectors: readonly string[], restPort: number): Measured {
    const settings = {
      'bootstrap.servers': this.#broker.bootstrapServers,
      'key.converter': STRING,
      'value.converter': STRING,
    };
    return this.#contender.worker(settings, connectors, restPort);
  }

  /** One line through a source and a sink: to REST, to the record in its topic, to the line in the sink's file. */
  async #start(): Promise<void> {
    const file = this.#path('first.txt');
    const output = this.#path('first-out.txt');
    const topic = this.#name('first');
    writeFileSync(file, 'one line\n');
    const connectors = [
      this.#connector('Source', 'first', { file, topic }),
      this.#connector('Sink', 'first', { file: output, topics: topic }),
    ];
    const restPort = await freePort();
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    const worker = this.#worker(connectors, restPort);
    const answers = () =>
      fetch(`http://127.0.0.1:${restPort}/`).then(
        (response) => response.ok,
        () => false,
      );
    await Promise.all([
      until(answers, 10).then(() => this.#set('start to REST, s', 'lower', since())),
      endOffsetReached(this.#broker.bootstrapServers, topic, 1).then(() =>
        this.#set('start to the first record in its topic, s', 'lower', since()),
      ),
      until(() => size(output) > 0, 10).then(() =>
        this.#set('start to the first record through a sink, s', 'lower', since()),
      ),
    ]);
    this.#set('start to the first record through a sink: CPU of the worker, s', 'lower', worker.cpuSeconds());
    this.#set('worker memory after the first record, MiB (PSS)', 'lower', worker.pssMiB());
    await worker.stop();
  }

  async #source(label: string, name: string, settings: Readonly<Record<string, string>>, topic = name): Promise<void> {
    const { bootstrapServers } = this.#broker;
    const connector = this.#connector('Source', name, { file: this.#input, topic: this.#name(topic), ...settings });
    const worker = this.#worker([connector], await freePort());
    // From the first batch in the topic on: the start has figures of its own.
    const already = await endOffsetReached(bootstrapServers, this.#name(name), 1);
    const [began, cpu, brokerCpu] = [performance.now(), worker.cpuSeconds(), this.#broker.cpuSeconds()];
    await endOffsetReached(bootstrapServers, this.#name(name), LINES);
    this.#set(`${label}, records/s`, 'higher', ((LINES - already) * 1000) / (performance.now() - began));
    this.#set(`${label}: CPU of the worker, s`, 'lower', worker.cpuSeconds() - cpu);
    this.#set(`${label}: CPU of the broker, s`, 'lower', this.#broker.cpuSeconds() - brokerCpu);
    this.#set(`${label}: worker memory at the end, MiB (PSS)`, 'lower', worker.pssMiB());
    await worker.stop();
  }

  async #sink(label: string, name: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const output = this.#path(`${name}-out.txt`);
    const connector = this.#connector('Sink', name, { file: output, topics: this.#name(name), ...settings });
    const worker = this.#worker([connector], await freePort());
    await until(() => size(output) > 0, 2);
    const [began, cpu, already] = [performance.now(), worker.cpuSeconds(), size(output)];
    const last = `${String(LINES - 1).padStart(8, '0')} `;
    await until(async () => (await lastLine(output)).includes(last), 2);
    const records = LINES * (1 - already / statSync(output).size);
    this.#set(`${label}, records/s`, 'higher', (records * 1000) / (performance.now() - began));
    this.#set(`${label}: CPU of the worker, s`, 'lower', worker.cpuSeconds() - cpu);
    this.#set(`${label}: worker memory at the end, MiB (PSS)`, 'lower', worker.pssMiB());
    await worker.stop();
    const sum = await sha256(output);
    if (name === 'lines' && sum !== (await sha256(this.#input)))
      throw new Error(`${this.#prefix}: the sink's file differs from the source's`);
    if ((this.#outputs.get(label) ?? sum) !== sum) throw new Error(`${this.#prefix}: ${label} wrote something else`);
    this.#outputs.set(label, sum);
    unlinkSync(output);
  }

  async #console(name: string): Promise<void> {
    const began = performance.now();
    const consumer = this.#contender.consoleConsumer([
      ...['--bootstrap-server', this.#broker.bootstrapServers, '--topic', this.#name(name)],
      ...['--from-beginning', '--max-messages', `${LINES}`],
    ]);
    const code = await consumer.ended;
    if (code !== 0) throw new Error(`console-consumer ended with ${code}`);
    this.#set('console-consumer, start included, records/s', 'higher', (LINES * 1000) / (performance.now() - began));
  }
}

/** The last whole line of a file; empty while it has none. */
async function lastLine(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const end = (await handle.stat()).size;
    const tail = Buffer.alloc(Math.min(end, 4_096));
    await handle.read(tail, 0, tail.length, end - tail.length);
    const text = tail.toString('utf8');
    return text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1) ?? '';
  } finally {
    await handle.close();
  }
}
