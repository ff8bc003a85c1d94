import { startMeasured } from './process.ts';

/** What a cell of the matrix is about. `records`: of all clients together. */
export interface Load {
  bootstrapServers: string;
  topic: string;
  partitions: number;
  clients: number;
  records: number;
}

/** Every client sends the lines of `file`, a `clients`-th of all; resolves to records a second, start of kcat included. */
export async function produce(load: Load, file: string, acks: string): Promise<number> {
  const args = [
    ...['-b', load.bootstrapServers, '-P', '-t', load.topic, '-l', file],
    ...(load.partitions === 1 ? ['-p', '0'] : []),
    ...['-X', `acks=${acks}`, '-X', 'linger.ms=5', '-X', 'queue.buffering.max.messages=1000000'],
  ];
  const began = performance.now();
  const codes = await Promise.all(
    Array.from({ length: load.clients }, () => startMeasured('kcat', args, 'discarded').ended),
  );
  const seconds = (performance.now() - began) / 1000;
  const failed = codes.find((code) => code !== 0);
  if (failed !== undefined) throw new Error(`kcat ${args.join(' ')} ended with ${failed}`);
  return load.records / seconds;
}

/**
 * Every client reads the whole topic, which has a `clients`-th of all records; resolves to records a second, up to the
 * end of the partitions, not of kcat: closing, it often waits half a second for itself.
 */
export async function consume(load: Load): Promise<number> {
  const args = ['-b', load.bootstrapServers, '-C', '-t', load.topic, '-o', 'beginning', '-e'];
  const began = performance.now();
  const clients = Array.from({ length: load.clients }, () => startMeasured('kcat', args, 'discarded'));
  const ends = await Promise.all(clients.map((kcat) => kcat.lines(/Reached end of topic/, load.partitions)));
  const seconds = (performance.now() - began) / 1000;
  for (const lines of ends) {
    const read = lines.reduce((sum, line) => sum + Number(/ at offset (\d+)/.exec(line)?.[1]), 0);
    if (read !== load.records / load.clients) throw new Error(`kcat read ${read} records of ${load.topic}`);
  }
  await Promise.all(clients.map((kcat) => kcat.ended));
  return load.records / seconds;
}
