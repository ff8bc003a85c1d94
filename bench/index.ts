import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { hasKafkaLibs, KAFKA_VERSION } from '../scripts/kafka-jars.mjs';
import { apache, type Contender, runnel } from './contenders.ts';
import { type Rounds, rounds } from './scenario.ts';
import { connectScenario } from './scenarios/connect.ts';
import { idleScenario } from './scenarios/idle.ts';
import { sandboxScenario } from './scenarios/sandbox.ts';
import { soakScenario } from './scenarios/soak.ts';
import { windowScenario } from './scenarios/window.ts';
import { type Figures, table } from './table.ts';

interface Scenario {
  title: string;
  prepare: () => Promise<Rounds>;
  /** Runnel alone, so often: Apache has nothing like it. */
  alone?: number;
  /** Why the figures are what they are: what profiles of the workers showed. */
  reasons?: string;
}

const CONNECT_REASONS = `Both workers use the same broker and read the same file; what both sinks wrote is compared byte for byte. CPU
seconds and memory are those of all processes of a worker. Java has a heap limit of 512 MiB and the serial collector, its cheapest.

A source's record costs some 2.8 µs: reading lines from the file 12 %, converting 10 %, placing records into batches 10 %,
encoding and checking batches 8 %, the socket 12 %, acknowledgements with their callbacks and offsets 12 %, garbage 16 %.

A task of Runnel runs in one thread, so a sink's records a second are bound by what one processor does for a record:
for the plain sink some 1.1 µs (decoding UTF-8 and making the record 40 %, checking and reading the batch 25 %, garbage
10 %, writing the file 10 %), and about a sixth of the time it waits for the file and the broker. With JSON it is some
3.5 µs: reading the envelope with its schema 25 %, the three transformations 15 %, printing the struct as Java does and
writing it 20 %, checking and reading batches that are three times as large 20 %, garbage 10 %. Java spreads the same
work over the threads of its compiler and its collector: it needs more than twice the CPU seconds, and on two
processors comes nearer in records a second than in those.`;

const SCENARIOS = new Map<string, Scenario>([
  ['sandbox', { title: 'The broker, with librdkafka as the client of both', prepare: rounds(sandboxScenario) }],
  ['soak', { title: 'The broker under an even load', prepare: rounds(soakScenario), alone: 1 }],
  [
    'connect',
    {
      title: 'The worker with the file connectors, both on one Apache Kafka',
      prepare: connectScenario,
      reasons: CONNECT_REASONS,
    },
  ],
  [
    'window',
    { title: 'The window: 50,000 records a second into the live consumer', prepare: rounds(windowScenario), alone: 3 },
  ],
  ['idle', { title: 'The app while the demo runs, and afterwards', prepare: rounds(idleScenario), alone: 1 }],
]);

const PAIRS = Number(process.env.RUNNEL_BENCH_PAIRS ?? 3);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !SCENARIOS.has(name));
if (unknown.length > 0) {
  console.error(`No benchmark is named ${unknown.join(', ')}: use ${[...SCENARIOS.keys()].join(', ')}.`);
  process.exit(1);
}

const FILE = resolve(import.meta.dirname, '../docs/performance.md');
/** By title: what was measured in earlier runs stays, with the machine and the load of its own run. */
const parts = sectionsOf(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '');
const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
for (const [name, { title, prepare, alone }] of SCENARIOS) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  const loads: number[] = [];
  const count = alone ?? PAIRS;
  const prepared = await prepare();
  try {
    for (let pair = 0; pair < count; pair++) {
      loads.push(loadavg()[0] as number);
      // Alternating, and who begins alternates too: a machine that slows down meets both alike.
      const turns: Contender[] =
        hasKafkaLibs() && !alone ? (pair % 2 === 0 ? [runnel, apache] : [apache, runnel]) : [runnel];
      for (const contender of turns) {
        console.log(`${name}: round ${pair + 1} of ${count}, ${contender.name}`);
        (contender === runnel ? ours : theirs).push(await prepared.run(contender, pair));
      }
    }
  } finally {
    await prepared.close();
  }
  const load = loads.map((value) => value.toFixed(1)).join(', ');
  const rounded = alone ? `Medians of ${count} runs` : `Medians of ${count} alternating pairs`;
  const section = `${rounded} on ${machine}; load average before each: ${load}.\n\n${table(ours, theirs)}`;
  parts.set(title, section);
  console.log(`\n## ${title}\n\n${section}`);
}

const sections = [...SCENARIOS.values()].flatMap(({ title, reasons }) => {
  const section = parts.get(title);
  return section === undefined ? [] : [`## ${title}\n\n${section}\n${reasons ? `\n${reasons}\n` : ''}`];
});
writeFileSync(
  FILE,
  `# Performance

Written by \`npm run bench\`: Runnel beside Apache Kafka and Kafka Connect ${KAFKA_VERSION}, both in one run on one machine. The last column is above 1 where
Runnel is better. Wall times swing with the load of a shared machine; CPU seconds hardly do.

${sections.join('\n')}`,
);

function sectionsOf(text: string): Map<string, string> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      // Up to the end of the table: the reasons are written anew.
      .map((section) => section.slice(0, section.lastIndexOf('|') + 1))
      .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n')).trim()]),
  );
}
