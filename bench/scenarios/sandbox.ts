import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Contender, temporaryFolder } from '../contenders.ts';
import { startMeasured } from '../process.ts';
import type { Figures } from '../table.ts';

const LINES = Number(process.env.RUNNEL_BENCH_LINES ?? 1_000_000);

/** Produce and fetch with kcat (librdkafka), records of 100 B and 1 KiB, acks 1 and all; start and memory of the broker. */
export async function sandboxScenario(contender: Contender): Promise<Figures> {
  const folder = temporaryFolder();
  const figures: Figures = new Map();
  const began = performance.now();
  const broker = await contender.broker();
  figures.set('broker: start to ready, s', { value: (performance.now() - began) / 1000, better: 'lower' });
  figures.set('broker memory when idle, MiB (PSS)', { value: broker.pssMiB(), better: 'lower' });
  try {
    for (const [label, bytes, count] of [
      ['100 B', 99, LINES],
      ['1 KiB', 1023, Math.round(LINES / 5)],
    ] as const) {
      const file = join(folder.path, `${bytes}.txt`);
      const out = createWriteStream(file);
      const line = `${'x'.repeat(bytes)}\n`;
      const block = line.repeat(1000);
      for (let i = 0; i < count; i += 1000) if (!out.write(block)) await once(out, 'drain');
      out.end();
      await finished(out);
      for (const acks of ['1', 'all']) {
        const topic = `t-${bytes}-${acks}`;
        const cpu = broker.cpuSeconds();
        const rate = await timed(count, [
          ...['-b', broker.bootstrapServers, '-P', '-t', topic, '-p', '0', '-l', file],
          ...['-X', `acks=${acks}`, '-X', 'linger.ms=5', '-X', 'queue.buffering.max.messages=1000000'],
        ]);
        figures.set(`kcat produce ${label}, acks=${acks}, records/s`, { value: rate, better: 'higher' });
        figures.set(`kcat produce ${label}, acks=${acks}: CPU of the broker, s`, {
          value: broker.cpuSeconds() - cpu,
          better: 'lower',
        });
      }
      const rate = await consumed(count, ['-b', broker.bootstrapServers, '-t', `t-${bytes}-1`, '-p', '0']);
      figures.set(`kcat consume ${label}, records/s`, { value: rate, better: 'higher' });
    }
    figures.set('broker memory after producing and fetching, MiB (PSS)', { value: broker.pssMiB(), better: 'lower' });
    return figures;
  } finally {
    await broker.stop();
    folder.remove();
  }
}

async function timed(count: number, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const kcat = startMeasured('kcat', args, 'discarded');
  const code = await kcat.ended;
  if (code !== 0) throw new Error(`kcat ${args.join(' ')} ended with ${code}`);
  return count / ((performance.now() - began) / 1000);
}

/** To the end of the partition, not of kcat: closing, it often waits half a second for itself. */
async function consumed(count: number, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const kcat = startMeasured('kcat', ['-C', ...args, '-o', 'beginning', '-e'], 'discarded');
  const end = await kcat.line(/Reached end of topic/);
  const seconds = (performance.now() - began) / 1000;
  if (!end.includes(` at offset ${count}:`)) throw new Error(`kcat read to another end than ${count}: ${end}`);
  await kcat.ended;
  return count / seconds;
}
