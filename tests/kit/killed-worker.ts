import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaClients } from '../../main/kafka/index.ts';
import { silentLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
export const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });

/** A worker in a process of its own that can be killed and started again on the same data. */
export class KilledWorker {
  readonly folder = mkdtempSync(join(tmpdir(), 'runnel-killed-'));
  readonly #args: string[];
  #child: ChildProcess | null = null;
  #stderr = '';

  constructor(bootstrapServers: string, connector: Record<string, string>, defect = 'none') {
    const properties = {
      'bootstrap.servers': bootstrapServers,
      'key.converter': STRING,
      'value.converter': STRING,
      'offset.storage.file.filename': join(this.folder, 'offsets'),
      'offset.flush.interval.ms': '50',
      'consumer.session.timeout.ms': '6000',
    };
    const file = (name: string, values: Record<string, string>) => {
      const path = join(this.folder, name);
      writeFileSync(
        path,
        Object.entries(values)
          .map(([key, value]) => `${key}=${value}\n`)
          .join(''),
      );
      return path;
    };
    const program = join(import.meta.dirname, 'worker-process.ts');
    this.#args = [program, file('worker.properties', properties), defect, file('connector.properties', connector)];
  }

  /** Resolves when it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-10_000)));
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`The worker ended with ${code}:\n${this.#stderr}`)));
    });
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** As Ctrl-C does. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await exited;
  }
}

/** The values of partition 0 of a topic, read on from where the last reading ended. */
export class TopicTail {
  readonly values: string[] = [];
  /** When each was sent, ms since 1970 UTC. */
  readonly timestamps: number[] = [];
  readonly #bootstrapServers: string;
  readonly #at: { topic: string; partition: number };
  #position = 0n;

  constructor(bootstrapServers: string, topic: string) {
    this.#bootstrapServers = bootstrapServers;
    this.#at = { topic, partition: 0 };
  }

  /** Everything that is there now; the same array each time. */
  async read(): Promise<readonly string[]> {
    const reader = clients.partitionReader({ 'bootstrap.servers': this.#bootstrapServers });
    try {
      await reader.assign([{ ...this.#at, start: { offset: this.#position } }]);
      const end = (await reader.endOffsets([this.#at])).get(`${this.#at.topic}-0`) ?? 0n;
      while (this.#position < end) {
        const { records } = await reader.poll(1_000);
        for (const { value, timestamp } of records) {
          this.values.push(value === null ? '' : Buffer.from(value).toString('utf8'));
          this.timestamps.push(Number(timestamp));
        }
        this.#position = reader.position(this.#at) ?? this.#position;
      }
      return this.values;
    } finally {
      await reader.close();
    }
  }
}

/** All that is there now. */
export async function readTopic(bootstrapServers: string, topic: string): Promise<readonly string[]> {
  return new TopicTail(bootstrapServers, topic).read();
}

/** What a sequence of numbers in the order of their arrival says of a source that counts 0, 1, 2 … */
export function judge(
  arrived: readonly number[],
  sent: number,
): { lost: number[]; replays: number[]; disorder: number[] } {
  const seen = new Set(arrived);
  const lost = Array.from({ length: sent }, (_, i) => i).filter((number) => !seen.has(number));
  /** Lengths of the runs that came again. */
  const replays: number[] = [];
  const disorder: number[] = [];
  let highest = -1;
  arrived.forEach((number, i) => {
    const before = arrived[i - 1] ?? -1;
    // Either the next one, or the beginning of a replay: back, never ahead.
    if (number > before + 1) disorder.push(number);
    if (number <= before) replays.push(highest - number + 1);
    highest = Math.max(highest, number);
  });
  return { lost, replays, disorder };
}
