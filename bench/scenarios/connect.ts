import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { freePort } from '../../tests/kit/apache-kafka.ts';
import { type Contender, propertiesFile, temporaryFolder } from '../contenders.ts';
import { endOffsetReached } from '../end-offset.ts';
import type { Figures } from '../table.ts';

const LINES = Number(process.env.RUNNEL_BENCH_LINES ?? 1_000_000);
const STRING = 'org.apache.kafka.connect.storage.StringConverter';

/** `LINES` numbered lines of 99 bytes and a newline. */
async function writeLines(path: string): Promise<void> {
  const out = createWriteStream(path);
  const filler = 'x'.repeat(90);
  for (let first = 0; first < LINES; first += 10_000) {
    let block = '';
    for (let i = first; i < Math.min(LINES, first + 10_000); i++) block += `${String(i).padStart(8, '0')} ${filler}\n`;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Polls an outcome that no event announces: a file of another process has grown to a size. */
async function until(condition: () => boolean | Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}

const size = (path: string) => {
  try {
    return statSync(path).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
};

/** Start to REST, start to the first record, a million lines into a topic, back into a file, and by console-consumer. */
export async function connectScenario(contender: Contender): Promise<Figures> {
  const folder = temporaryFolder();
  const broker = await contender.broker();
  const figures: Figures = new Map();
  try {
    const settings = {
      'bootstrap.servers': broker.bootstrapServers,
      'key.converter': STRING,
      'value.converter': STRING,
    };
    const input = join(folder.path, 'in.txt');
    const output = join(folder.path, 'out.txt');
    await writeLines(input);
    const bytes = statSync(input).size;

    // One line first: start to the first record.
    const first = join(folder.path, 'first.txt');
    const firstOut = join(folder.path, 'first-out.txt');
    writeFileSync(first, 'one line\n');
    const small = [
      propertiesFile(join(folder.path, 'first-source.properties'), {
        name: 'first-source',
        'connector.class': 'FileStreamSource',
        'tasks.max': '1',
        file: first,
        topic: 'first',
      }),
      propertiesFile(join(folder.path, 'first-sink.properties'), {
        name: 'first-sink',
        'connector.class': 'FileStreamSink',
        'tasks.max': '1',
        file: firstOut,
        topics: 'first',
        'consumer.override.auto.offset.reset': 'earliest',
      }),
    ];
    const restPort = await freePort();
    const began = performance.now();
    const starting = contender.worker(settings, small, restPort);
    let rest = 0;
    await until(async () => {
      if (rest === 0) {
        const answered = await fetch(`http://127.0.0.1:${restPort}/`).then(
          (response) => response.ok,
          () => false,
        );
        if (answered) rest = performance.now();
      }
      return rest > 0 && size(firstOut) > 0;
    }, 10);
    figures.set('connect-standalone: start to REST, s', { value: (rest - began) / 1000, better: 'lower' });
    figures.set('connect-standalone: start to the first record through a sink, s', {
      value: (performance.now() - began) / 1000,
      better: 'lower',
    });
    figures.set('worker memory when idle, MiB (PSS)', { value: starting.pssMiB(), better: 'lower' });
    await starting.stop();

    const source = propertiesFile(join(folder.path, 'source.properties'), {
      name: 'lines-source',
      'connector.class': 'FileStreamSource',
      'tasks.max': '1',
      file: input,
      topic: 'lines',
    });
    const sink = propertiesFile(join(folder.path, 'sink.properties'), {
      name: 'lines-sink',
      'connector.class': 'FileStreamSink',
      'tasks.max': '1',
      file: output,
      topics: 'lines',
    });
    const brokerBefore = broker.cpuSeconds();
    const worker = contender.worker(settings, [source], await freePort());
    // From the first batch in the topic on: the start has figures of its own.
    const already = await endOffsetReached(broker.bootstrapServers, 'lines', 1);
    const sourceBegan = performance.now();
    const workerBefore = worker.cpuSeconds();
    await endOffsetReached(broker.bootstrapServers, 'lines', LINES);
    figures.set(`FileStreamSource, ${LINES} lines of 100 bytes, records/s`, {
      value: (LINES - already) / ((performance.now() - sourceBegan) / 1000),
      better: 'higher',
    });
    figures.set('FileStreamSource: CPU of the worker, s', {
      value: worker.cpuSeconds() - workerBefore,
      better: 'lower',
    });
    figures.set('FileStreamSource: CPU of the broker, s', {
      value: broker.cpuSeconds() - brokerBefore,
      better: 'lower',
    });
    await worker.stop();

    const sinking = contender.worker(settings, [sink], await freePort());
    await until(() => size(output) > 0, 2);
    const sinkBegan = performance.now();
    const sinkBefore = sinking.cpuSeconds();
    const written = size(output);
    await until(() => size(output) >= bytes, 2);
    figures.set('FileStreamSink, the same records, records/s', {
      value: (bytes - written) / 100 / ((performance.now() - sinkBegan) / 1000),
      better: 'higher',
    });
    figures.set('FileStreamSink: CPU of the worker, s', { value: sinking.cpuSeconds() - sinkBefore, better: 'lower' });
    figures.set('worker memory after the sink, MiB (PSS)', { value: sinking.pssMiB(), better: 'lower' });
    await sinking.stop();
    if ((await sha256(input)) !== (await sha256(output)))
      throw new Error(`${contender.name}: the sink's file differs from the source's`);
    unlinkSync(output);

    const consoleBegan = performance.now();
    const consumer = contender.consoleConsumer([
      ...['--bootstrap-server', broker.bootstrapServers, '--topic', 'lines'],
      ...['--from-beginning', '--max-messages', `${LINES}`],
    ]);
    const code = await consumer.ended;
    if (code !== 0) throw new Error(`console-consumer ended with ${code}`);
    figures.set('console-consumer, start included, records/s', {
      value: LINES / ((performance.now() - consoleBegan) / 1000),
      better: 'higher',
    });
    figures.set('broker memory after the work, MiB (PSS)', { value: broker.pssMiB(), better: 'lower' });
    return figures;
  } finally {
    await broker.stop();
    folder.remove();
  }
}
