import { join } from 'node:path';
import type { Broker } from './contenders.ts';
import { consume, type Load, produce } from './kcat.ts';
import { writeRecords } from './lines.ts';
import type { Figures } from './table.ts';
import { createTopics } from './topics.ts';

/** Records of 100 B in a cell; of 1 KiB there are a fifth of them. */
const RECORDS = Number(process.env.RUNNEL_BENCH_LINES ?? 600_000);
const SIZES = [
  { label: '100 B', bytes: 100, records: RECORDS },
  { label: '1 KiB', bytes: 1024, records: RECORDS / 5 },
];
const PARTITIONS = [1, 12];
const CLIENTS = [1, 8];
/** What nobody waits to be synced: Apache's default, our `flush.messages` when a topic relaxes it. */
const RELAXED = '9223372036854775807';

const few = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** The matrix: record size, partitions, clients, `acks`; then what a sync of every batch costs. Sets the figures. */
export async function throughput(broker: Broker, folder: string, figures: Figures): Promise<void> {
  const { bootstrapServers } = broker;
  const files = new Map<string, string>();
  for (const { bytes, records } of SIZES) {
    for (const clients of CLIENTS) {
      const file = join(folder, `${bytes}-${clients}.txt`);
      await writeRecords(file, records / clients, bytes);
      files.set(`${bytes}-${clients}`, file);
    }
  }
  const measured = async (name: string, run: () => Promise<number>) => {
    const cpu = broker.cpuSeconds();
    figures.set(`${name}, records/s`, { value: await run(), better: 'higher' });
    figures.set(`${name}: CPU of the broker, s`, { value: broker.cpuSeconds() - cpu, better: 'lower' });
  };
  const cells = SIZES.flatMap((size) =>
    PARTITIONS.flatMap((partitions) => CLIENTS.map((clients) => ({ ...size, partitions, clients }))),
  );
  const topicOf = (cell: (typeof cells)[number], use: string) =>
    `${use}-${cell.bytes}-${cell.partitions}-${cell.clients}`.replaceAll('=', '-');
  const loadOf = (cell: (typeof cells)[number], use: string): Load => ({
    bootstrapServers,
    topic: topicOf(cell, use),
    partitions: cell.partitions,
    clients: cell.clients,
    records: cell.records,
  });
  await createTopics(
    bootstrapServers,
    cells.flatMap((cell) =>
      ['acks=1', 'acks=all', 'shared'].map((use) => ({ name: topicOf(cell, use), partitions: cell.partitions })),
    ),
  );

  // Both brokers are warm before the first figure: Java's compiler has seen the work. These are also the topics that
  // eight clients read.
  for (const cell of cells) {
    const share = { ...loadOf(cell, 'shared'), clients: 1, records: cell.records / 8 };
    await produce(share, files.get(`${cell.bytes}-8`) as string, '1');
    await consume(share);
  }
  for (const cell of cells) {
    const where = `${cell.label}, ${few(cell.partitions, 'partition')}, ${few(cell.clients, 'client')}`;
    const file = files.get(`${cell.bytes}-${cell.clients}`) as string;
    for (const acks of ['1', 'all']) {
      await measured(`produce ${where}, acks=${acks}`, () => produce(loadOf(cell, `acks=${acks}`), file, acks));
    }
    const read = loadOf(cell, cell.clients === 1 ? 'acks=1' : 'shared');
    await measured(`consume ${where}`, () => consume(read));
  }

  const cell = cells.find(({ bytes, partitions, clients }) => bytes === 1024 && partitions === 1 && clients === 1)!;
  for (const [label, flushMessages] of [
    ['flush.messages=1', '1'],
    ['flush.messages at its largest', RELAXED],
  ] as const) {
    const load = loadOf(cell, flushMessages === '1' ? 'synced' : 'relaxed');
    await createTopics(bootstrapServers, [
      { name: load.topic, partitions: 1, configs: { 'flush.messages': flushMessages } },
    ]);
    await measured(`produce ${cell.label}, acks=all, ${label}`, () =>
      produce(load, files.get(`${cell.bytes}-1`) as string, 'all'),
    );
  }
}
