import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { kafkaLibs } from '../../scripts/kafka-jars.mjs';
import { hasPythonClient, pythonOfClient } from '../../scripts/python-client.mjs';
import { toItsEnd } from '../../tests/kit/run-command.ts';
import type { Broker } from '../contenders.ts';
import { type Figures, quantile } from '../table.ts';
import { createTopics } from '../topics.ts';
import { fdatasyncMs } from './fdatasync.ts';

const WARM_UP = 100;
const COUNT = 500;

const program = (name: string) => join(import.meta.dirname, name);

/** Programs of three clients, each of which sends a record, waits until it has read it, and sends the next. */
const CLIENTS: readonly { name: string; command: () => readonly string[] | undefined }[] = [
  { name: 'librdkafka', command: () => (hasPythonClient() ? [pythonOfClient(), program('latency.py')] : undefined) },
  { name: 'kafkajs', command: () => [process.execPath, program('latency-kafkajs.ts')] },
  { name: 'Java', command: () => ['java', '-cp', join(kafkaLibs(), '*'), program('Latency.java')] },
];

/** From the call that sends a record, with acks=all, until it is with the consumer; a sync of that disk beside it. */
export async function latency(broker: Broker, folder: string, figures: Figures): Promise<void> {
  for (const { name, command } of CLIENTS) {
    const words = command();
    if (!words) continue;
    const topic = `latency-${name}`;
    await createTopics(broker.bootstrapServers, [{ name: topic, partitions: 1 }]);
    const [first, ...rest] = [...words, broker.bootstrapServers, topic, `${WARM_UP}`, `${COUNT}`];
    const { code, stdout, stderr } = await toItsEnd(spawn(first as string, rest));
    if (code !== 0) throw new Error(`The latency of ${name} could not be measured (${code}): ${stderr}`);
    // Java's logging library says on standard output that it has nothing to log to.
    const numbers = stdout
      .toString()
      .split('\n')
      .filter((line) => /^[\d.]+$/.test(line));
    const times = numbers.map(Number);
    if (times.length !== COUNT) throw new Error(`${name} measured ${times.length} of ${COUNT} records`);
    figures.set(`end to end with ${name}, p50, ms`, { value: quantile(times, 0.5), better: 'lower' });
    figures.set(`end to end with ${name}, p99, ms`, { value: quantile(times, 0.99), better: 'lower' });
  }
  const synced = fdatasyncMs(folder, COUNT);
  figures.set('one fdatasync beside it, p50, ms', { value: quantile(synced, 0.5), better: 'lower' });
  figures.set('one fdatasync beside it, p99, ms', { value: quantile(synced, 0.99), better: 'lower' });
}
