import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clients } from '../killed-worker.ts';
import { toProducerRecord } from './play.ts';
import type { InputRecord } from './scenario.ts';
import type { Side } from './side.ts';

/** What a person does with a connector, step by step; what is seen on the way has to be equal on both workers. */
export interface Flow {
  name: string;
  run: (hands: Hands) => Promise<void>;
}

/** Acts on one worker and writes down what it sees. */
export class Hands {
  readonly seen: string[] = [];
  readonly #side: Side;
  readonly #own: string;

  constructor(side: Side, flow: string) {
    this.#side = side;
    this.#own = `${side.prefix}.${flow}`;
  }

  /** Of the flow and its worker, and the beginning of its topics. */
  get own(): string {
    return this.#own;
  }

  get #url(): string {
    return `/connectors/${this.#own}`;
  }

  file(name: string): string {
    return join(this.#side.folder, `${this.#own}.${name}`);
  }

  write(name: string, lines: readonly string[]): void {
    writeFileSync(this.file(name), lines.map((line) => `${line}\n`).join(''));
  }

  append(name: string, lines: readonly string[]): void {
    appendFileSync(this.file(name), lines.map((line) => `${line}\n`).join(''));
  }

  async source(config: Readonly<Record<string, string>> = {}): Promise<void> {
    const all = { 'connector.class': 'FileStreamSource', file: this.file('in'), topic: this.#own, ...config };
    await this.#side.ask('PUT', `${this.#url}/config`, all);
    await this.states('RUNNING', 'RUNNING');
  }

  /** Resolves when every one of its tasks is as `tasks` says. */
  async sink(config: Readonly<Record<string, string>> = {}, tasks: readonly string[] = ['RUNNING']): Promise<void> {
    const all = { 'connector.class': 'FileStreamSink', file: this.file('out'), topics: this.#own, ...config };
    await this.#side.ask('PUT', `${this.#url}/config`, all);
    await this.states('RUNNING', ...tasks);
  }

  async topic(name = this.#own, partitions = 1): Promise<void> {
    const admin = clients.admin({ 'bootstrap.servers': this.#side.bootstrapServers });
    await admin.createTopics([{ name, numPartitions: partitions, replicationFactor: 1 }]);
    await admin.close();
  }

  async produce(records: readonly (string | InputRecord)[], topic = this.#own): Promise<void> {
    const producer = clients.producer({ 'bootstrap.servers': this.#side.bootstrapServers });
    for (const record of records)
      producer.send(toProducerRecord(topic, typeof record === 'string' ? { value: record } : record));
    await producer.flush();
    await producer.close();
  }

  /** `PUT pause`, `POST restart?includeTasks=true`, `DELETE offsets`, `DELETE ` for the connector itself. */
  async request(method: string, path: string, body?: unknown): Promise<void> {
    const url = path === '' ? this.#url : `${this.#url}/${path}`;
    const answer = await this.#side.ask<unknown>(method, url, body);
    if (path.startsWith('offsets')) this.#note(`${method} ${path}`, answer);
  }

  /** Waits for the states of the connector and its tasks. */
  async states(...wanted: readonly string[]): Promise<void> {
    const read = async () => {
      type Status = { connector: { state: string }; tasks: { state: string }[] };
      const none: Status = { connector: { state: 'none' }, tasks: [] };
      const { connector, tasks } = await this.#side.ask<Status>('GET', `${this.#url}/status`).catch(() => none);
      return [connector.state, ...tasks.map(({ state }) => state)];
    };
    this.#note('states', await this.#side.until(read, (states) => states.join() === wanted.join()));
  }

  /** Waits for so many records in its topic, then writes down their values. */
  async arrived(count: number, topic = this.#own): Promise<void> {
    const name = this.#side.normal(topic);
    await this.#side.until(
      () => this.#side.countTopics(topic),
      (sum) => sum >= count,
    );
    const records = (await this.#side.readTopics(topic))[name] ?? [];
    this.#note(
      'topic',
      records.map(({ value }) => value),
    );
  }

  /** Waits for so many lines in a file, then writes them down, in their order or sorted. */
  async lines(count: number, name = 'out', sorted = false): Promise<void> {
    const read = async () => this.#side.linesOf(this.file(name));
    const lines = await this.#side.until(read, (all) => all.length >= count);
    this.#note(`file ${name}`, sorted ? lines.sort() : lines);
  }

  /** Long enough for what must not come. */
  async quiet(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }

  /** Waits for the sum of the positions that REST shows. */
  async offsets(sum: number): Promise<void> {
    type Offsets = { offsets: { partition: unknown; offset: { position?: number; kafka_offset?: number } }[] };
    const read = async () => {
      const { offsets } = await this.#side.ask<Offsets>('GET', `${this.#url}/offsets`);
      return offsets.map(({ offset }) => offset.position ?? offset.kafka_offset ?? -1).sort();
    };
    const done = (all: readonly number[]) => all.reduce((total, it) => total + it, 0) === sum;
    this.#note('offsets', await this.#side.until(read, done));
  }

  /** What `GET` answers; lists sorted, for Java's come in the order of a hash table. */
  async note(path: string): Promise<void> {
    const sorted = (_: string, value: unknown) => (Array.isArray(value) ? [...value].sort() : value);
    const answer = await this.#side.ask('GET', `${this.#url}/${path}`);
    this.#note(path, JSON.parse(JSON.stringify(answer, sorted)));
  }

  #note(what: string, value: unknown): void {
    this.seen.push(this.#side.normal(`${what}: ${JSON.stringify(value)}`));
  }
}

const CAST = {
  transforms: 'cast',
  'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
  'transforms.cast.spec': 'int32',
};

export const FLOWS: readonly Flow[] = [
  {
    name: 'source-paused',
    run: async (it) => {
      it.write('in', ['a', 'b']);
      await it.source();
      await it.arrived(2);
      await it.request('PUT', 'pause');
      await it.states('PAUSED', 'PAUSED');
      it.append('in', ['c']);
      await it.quiet();
      await it.arrived(2);
      await it.request('PUT', 'resume');
      await it.states('RUNNING', 'RUNNING');
      await it.arrived(3);
      await it.offsets(6);
      await it.note('topics');
    },
  },
  {
    name: 'source-offsets-reset',
    run: async (it) => {
      it.write('in', ['a', 'b']);
      await it.source();
      await it.arrived(2);
      await it.offsets(4);
      await it.request('PUT', 'stop');
      await it.states('STOPPED');
      await it.request('DELETE', 'offsets');
      await it.offsets(0);
      await it.request('PUT', 'resume');
      await it.states('RUNNING', 'RUNNING');
      await it.arrived(4);
      await it.offsets(4);
    },
  },
  {
    name: 'source-offsets-altered',
    run: async (it) => {
      it.write('in', ['one', 'two', 'three']);
      await it.source();
      await it.arrived(3);
      await it.request('PUT', 'stop');
      await it.states('STOPPED');
      const offsets = [{ partition: { filename: it.file('in') }, offset: { position: 4 } }];
      await it.request('PATCH', 'offsets', { offsets });
      await it.offsets(4);
      await it.request('PUT', 'resume');
      await it.arrived(5);
      await it.offsets(14);
    },
  },
  {
    name: 'source-deleted-and-made-again',
    run: async (it) => {
      it.write('in', ['a', 'b']);
      await it.source();
      await it.arrived(2);
      await it.offsets(4);
      await it.request('DELETE', '');
      it.append('in', ['c']);
      await it.source();
      await it.arrived(3);
      await it.offsets(6);
    },
  },
  {
    name: 'source-restarted',
    run: async (it) => {
      it.write('in', ['a']);
      await it.source();
      await it.arrived(1);
      await it.offsets(2);
      await it.request('POST', 'restart?includeTasks=true');
      await it.states('RUNNING', 'RUNNING');
      it.append('in', ['b']);
      await it.arrived(2);
      await it.request('POST', 'tasks/0/restart');
      await it.states('RUNNING', 'RUNNING');
      it.append('in', ['c']);
      await it.arrived(3);
      await it.note('config');
    },
  },
  {
    name: 'source-mended',
    run: async (it) => {
      it.write('in', ['1', 'two', '3']);
      await it.source(CAST).catch(() => {});
      await it.states('RUNNING', 'FAILED');
      await it.arrived(1);
      await it.request('PATCH', 'config', { 'errors.tolerance': 'all' });
      await it.states('RUNNING', 'RUNNING');
      await it.arrived(2);
      await it.offsets(8);
    },
  },
  {
    name: 'source-to-another-topic',
    run: async (it) => {
      it.write('in', ['a']);
      await it.source();
      await it.arrived(1);
      await it.offsets(2);
      await it.source({ topic: `${it.own}.second` });
      it.append('in', ['b']);
      await it.arrived(1, `${it.own}.second`);
      await it.note('topics');
      await it.request('PUT', 'topics/reset');
      await it.note('topics');
    },
  },
  {
    name: 'sink-paused',
    run: async (it) => {
      await it.topic();
      await it.produce(['a', 'b']);
      await it.sink();
      await it.lines(2);
      await it.request('PUT', 'pause');
      await it.states('PAUSED', 'PAUSED');
      await it.produce(['c']);
      await it.quiet();
      await it.lines(2);
      await it.request('PUT', 'resume');
      await it.lines(3);
      await it.offsets(3);
    },
  },
  {
    name: 'sink-offsets-reset',
    run: async (it) => {
      await it.topic();
      await it.produce(['a', 'b']);
      await it.sink();
      await it.lines(2);
      await it.offsets(2);
      await it.request('PUT', 'stop');
      await it.states('STOPPED');
      await it.request('DELETE', 'offsets');
      await it.offsets(0);
      await it.request('PUT', 'resume');
      await it.lines(4);
      await it.offsets(2);
    },
  },
  {
    name: 'sink-offsets-altered',
    run: async (it) => {
      await it.topic(undefined, 2);
      await it.produce(['a', 'b', { value: 'c', partition: 1 }, { value: 'd', partition: 1 }]);
      await it.sink();
      await it.lines(4, 'out', true);
      await it.offsets(4);
      await it.request('PUT', 'stop');
      await it.states('STOPPED');
      const at = (partition: number, offset: number | null) => ({
        partition: { kafka_topic: it.own, kafka_partition: partition },
        offset: offset === null ? null : { kafka_offset: offset },
      });
      await it.request('PATCH', 'offsets', { offsets: [at(0, 1), at(1, null)] });
      await it.request('PUT', 'resume');
      await it.lines(7, 'out', true);
      await it.offsets(4);
    },
  },
  {
    name: 'sink-topics-later',
    run: async (it) => {
      await it.topic(`${it.own}.first`);
      await it.produce(['a'], `${it.own}.first`);
      const regex = `${it.own.replaceAll('.', '\\.')}\\..*`;
      await it.sink({ topics: '', 'topics.regex': regex, 'consumer.override.metadata.max.age.ms': '300' });
      await it.lines(1);
      await it.topic(`${it.own}.second`, 2);
      await it.produce(['b', { value: 'c', partition: 1 }], `${it.own}.second`);
      await it.lines(3, 'out', true);
      await it.offsets(3);
      await it.note('topics');
    },
  },
  {
    name: 'sink-tasks',
    run: async (it) => {
      await it.topic(undefined, 4);
      const all = Array.from({ length: 40 }, (_, i) => ({ value: `${i}`.padStart(2, '0'), partition: i % 4 }));
      await it.produce(all.slice(0, 20));
      await it.sink({ 'tasks.max': '3' }, ['RUNNING', 'RUNNING', 'RUNNING']);
      await it.lines(20, 'out', true);
      await it.request('PATCH', 'config', { 'tasks.max': '2' });
      await it.states('RUNNING', 'RUNNING', 'RUNNING');
      await it.produce(all.slice(20));
      await it.lines(40, 'out', true);
      await it.offsets(40);
    },
  },
  {
    name: 'sink-to-another-file',
    run: async (it) => {
      await it.topic();
      await it.produce(['a']);
      await it.sink();
      await it.lines(1);
      await it.offsets(1);
      await it.sink({ file: it.file('out2') });
      await it.produce(['b']);
      await it.lines(1, 'out2');
      await it.lines(1);
    },
  },
  {
    name: 'sink-mended',
    run: async (it) => {
      await it.topic();
      await it.produce(['1', 'two', '3']);
      await it.sink(CAST, ['FAILED']);
      await it.request('PATCH', 'config', { 'errors.tolerance': 'all' });
      await it.states('RUNNING', 'RUNNING');
      await it.lines(2);
      await it.offsets(3);
    },
  },
  {
    name: 'sink-deleted-and-made-again',
    run: async (it) => {
      await it.topic();
      await it.produce(['a']);
      await it.sink();
      await it.lines(1);
      await it.offsets(1);
      await it.request('DELETE', '');
      await it.produce(['b']);
      await it.sink();
      await it.lines(2);
      await it.offsets(2);
    },
  },
];
