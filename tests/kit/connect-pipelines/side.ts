import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConsumerRecord, type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Admin, PartitionReader } from '../../../main/kafka/api.ts';
import { startApacheConnect, untilItAnswers } from '../apache-connect.ts';
import { freePort } from '../apache-kafka.ts';
import { keepLog, stopServer, writeProperties } from '../java-server.ts';
import { clients } from '../killed-worker.ts';
import { spawnRunnel } from '../runnel.ts';
import type { SeenRecord } from './scenario.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const PROPERTIES = { 'key.converter': STRING, 'value.converter': STRING, 'offset.flush.interval.ms': '250' };
export const PATIENCE_MS = 40_000;

interface SideOptions {
  prefix: 'side-a' | 'side-b';
  url: string;
  folder: string;
  bootstrapServers: string;
  log: () => string;
  stop: () => Promise<void>;
}

/** A worker under comparison. Everything of its own begins with its prefix, which is as long as the other's. */
export class Side {
  readonly prefix: 'side-a' | 'side-b';
  readonly url: string;
  readonly folder: string;
  readonly bootstrapServers: string;
  readonly #log: () => string;
  readonly #stopWorker: () => Promise<void>;
  readonly #admin: Admin;
  readonly #ends: PartitionReader;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: SideOptions) {
    this.prefix = options.prefix;
    this.url = options.url;
    this.folder = options.folder;
    this.bootstrapServers = options.bootstrapServers;
    this.#log = options.log;
    this.#stopWorker = options.stop;
    this.#admin = clients.admin({ 'bootstrap.servers': options.bootstrapServers });
    this.#ends = clients.partitionReader({ 'bootstrap.servers': options.bootstrapServers });
  }

  /** Apache Kafka Connect 4.3.1 standalone. */
  static async java(bootstrapServers: string): Promise<Side> {
    const worker = await startApacheConnect(bootstrapServers, PROPERTIES, { extras: true });
    const side = new Side({ ...worker, prefix: 'side-a', bootstrapServers });
    await side.ask('PUT', '/admin/loggers/root', { level: 'ERROR' });
    return side;
  }

  /** `runnel connect-standalone` with the same properties, as a person starts it. */
  static async ours(bootstrapServers: string): Promise<Side> {
    const folder = mkdtempSync(join(tmpdir(), 'runnel-connect-'));
    const file = join(folder, 'worker.properties');
    const url = `http://127.0.0.1:${await freePort()}`;
    writeProperties(file, {
      'bootstrap.servers': bootstrapServers,
      listeners: url,
      'offset.storage.file.filename': join(folder, 'offsets'),
      ...PROPERTIES,
    });
    const child = spawnRunnel(['connect-standalone', file]);
    const log = keepLog(child);
    await untilItAnswers(child, url);
    return new Side({ prefix: 'side-b', url, folder, bootstrapServers, log, stop: () => stopServer(child, folder) });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#stopWorker(), this.#admin.close(), this.#ends.close()]);
  }

  /** The parsed body; throws for an answer that is not 2xx. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    if (this.prefix === 'side-b') return this.#ask(method, path, body);
    // Java's standalone herder can block itself for good when requests meet (pause beside a new configuration).
    const answer = this.#turn.then(() => this.#ask<T>(method, path, body));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #ask<T>(method: string, path: string, body: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${this.prefix}: ${method} ${path} gave ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Asks until it is so, but not for ever; what is there then is compared. */
  async until<T>(read: () => Promise<T>, done: (value: T) => boolean, patienceMs = PATIENCE_MS): Promise<T> {
    const start = performance.now();
    for (;;) {
      const value = await read();
      if (done(value) || performance.now() - start > patienceMs) return value;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** How many records are in the topics that `readTopics` reads. */
  async countTopics(name: string): Promise<number> {
    const at = await this.#partitionsOf(name);
    if (at.length === 0) return 0;
    return [...(await this.#ends.endOffsets(at)).values()].reduce((sum, end) => sum + Number(end), 0);
  }

  /** Everything in the topics of that name and of names that go on behind it with a dot. */
  async readTopics(name: string): Promise<Record<string, SeenRecord[]>> {
    const reader = clients.partitionReader({ 'bootstrap.servers': this.bootstrapServers });
    try {
      const at = await this.#partitionsOf(name);
      const seen: Record<string, SeenRecord[]> = {};
      for (const { topic } of at) seen[this.normal(topic)] = [];
      if (at.length === 0) return seen;
      await reader.assign(at.map((it) => ({ ...it, start: 'earliest' as const })));
      const ends = await reader.endOffsets(at);
      const records: ConsumerRecord[] = [];
      const behind = () =>
        at.some((it) => (reader.position(it) ?? 0n) < (ends.get(topicPartitionKey(it.topic, it.partition)) ?? 0n));
      while (behind()) records.push(...(await reader.poll(1_000)).records);
      records.sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1));
      for (const record of records) seen[this.normal(record.topic)]?.push(this.#seen(record));
      return seen;
    } finally {
      await reader.close();
    }
  }

  async #partitionsOf(name: string): Promise<TopicPartition[]> {
    const names = (await this.#admin.listTopics()).filter((it) => it === name || it.startsWith(`${name}.`));
    if (names.length === 0) return [];
    const topics = await this.#admin.describeTopics(names.sort());
    return topics.flatMap((topic) => topic.partitions.map(({ partition }) => ({ topic: topic.name, partition })));
  }

  /** What the worker logged of failed records of a task, from the sentence itself on. */
  failuresLogged(connector: string): string[] {
    const sentence = `Error encountered in task ${connector}-0.`;
    return this.#log()
      .split('\n')
      .filter((line) => line.includes(sentence))
      .map((line) => this.normal(line.slice(line.indexOf(sentence)).replace(/ \([\w.$]+(?::\d+)?\)$/, '')));
  }

  linesOf(file: string): string[] {
    if (!existsSync(file)) return [];
    const text = readFileSync(file, 'utf8');
    return this.normal(text).split('\n').slice(0, -1);
  }

  normal(text: string): string {
    return text
      .replaceAll(this.folder, '<folder>')
      .replaceAll(`${this.prefix}.`, 'side.')
      .replaceAll(this.url, '<url>');
  }

  #seen(record: ConsumerRecord): SeenRecord {
    const shown = (bytes: Uint8Array | null) => {
      if (bytes === null) return null;
      const text = Buffer.from(bytes).toString('utf8');
      return Buffer.from(text, 'utf8').equals(bytes) ? this.normal(text) : `0x${Buffer.from(bytes).toString('hex')}`;
    };
    return {
      partition: record.partition,
      key: shown(record.key),
      value: shown(record.value),
      headers: record.headers.map(({ key, value }) => [shown(key) ?? '', shown(value)]),
      timestamp: String(record.timestamp),
    };
  }
}
