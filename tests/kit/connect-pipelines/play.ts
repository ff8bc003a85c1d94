import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clients } from '../killed-worker.ts';
import { causes } from './compare.ts';
import type { InputRecord, Outcome, Scenario, SeenRecord, SinkScenario } from './scenario.ts';
import { PATIENCE_MS, type Side } from './side.ts';

interface Status {
  connector: { state: string; trace?: string };
  tasks: { id: number; state: string; trace?: string }[];
}

/** Fills the topics of sinks, which both workers read. */
export async function produceInputs(bootstrapServers: string, scenarios: readonly Scenario[]): Promise<void> {
  const sinks = scenarios.filter((it): it is SinkScenario => it.kind === 'sink');
  const admin = clients.admin({ 'bootstrap.servers': bootstrapServers });
  await admin.createTopics(
    sinks.map(({ name, partitions = 1 }) => ({ name: `in.${name}`, numPartitions: partitions, replicationFactor: 1 })),
  );
  await admin.close();
  const producer = clients.producer({ 'bootstrap.servers': bootstrapServers });
  for (const { name, records } of sinks)
    for (const record of records) producer.send(toProducerRecord(`in.${name}`, record));
  await producer.flush();
  await producer.close();
}

export function toProducerRecord(topic: string, record: InputRecord) {
  const bytes = (value: string | Uint8Array | null | undefined) =>
    value === null || value === undefined ? null : Buffer.from(value as string);
  return {
    topic,
    partition: record.partition ?? 0,
    key: bytes(record.key),
    value: bytes(record.value),
    headers: (record.headers ?? []).map(([key, value]) => ({ key: Buffer.from(key), value: bytes(value) })),
    timestamp: record.timestamp ?? 1_000_000_000_000n,
  };
}

/** Runs a scenario's connector on a worker to its end and takes down what is seen. */
export async function playScenario(side: Side, scenario: Scenario): Promise<Outcome> {
  const own = `${side.prefix}.${scenario.name}`;
  const input = join(side.folder, `${scenario.name}.in`);
  const output = join(side.folder, `${scenario.name}.out`);
  if (scenario.kind === 'source') writeFileSync(input, scenario.lines);
  if (scenario.topics !== undefined) await createTopics(side, scenario.topics);
  const config = {
    ...(scenario.kind === 'source'
      ? { 'connector.class': 'FileStreamSource', file: input, topic: own }
      : { 'connector.class': 'FileStreamSink', file: output, topics: `in.${scenario.name}` }),
    ...Object.fromEntries(
      Object.entries(scenario.config).map(([key, value]) => [key, value.replaceAll('{side}', side.prefix)]),
    ),
  };
  const name = encodeURIComponent(own);
  try {
    await side.ask('PUT', `/connectors/${name}/config`, config);
  } catch (error) {
    const [first = '', second = ''] = side.normal((error as Error).message).split('\\n');
    return { states: [`refused: ${second || first}`], trace: [], file: [], topics: {}, log: [], offsets: [] };
  }
  const status = () => side.ask<Status>('GET', `/connectors/${name}/status`).catch(() => noStatus);
  const failed = ({ connector, tasks }: Status) =>
    connector.state === 'FAILED' || tasks.some(({ state }) => state === 'FAILED');
  const arriving =
    (side.prefix === 'side-a' && 'expectAtConnect' in scenario ? scenario.expectAtConnect : undefined) ??
    scenario.expect;
  const isThere = async () => {
    if (failed(await status())) return true;
    if (scenario.fails) return false;
    if (scenario.kind === 'source') return (await side.countTopics(own)) >= arriving;
    if (side.linesOf(output).length < scenario.expect) return false;
    return (scenario.deadLetters ?? 0) === 0 || (await side.countTopics(own)) >= (scenario.deadLetters ?? 0);
  };
  await side.until(isThere, (there) => there);
  const offsets = await settledOffsets(side, name, scenario);
  const last = await status();
  const lines = side.linesOf(output);
  const seen = await side.readTopics(own);
  await side.ask('DELETE', `/connectors/${name}`);
  const sorted = scenario.kind === 'sink' && (scenario.partitions ?? 1) > 1;
  return {
    states: [last.connector.state, ...last.tasks.map(({ state }) => state)],
    trace: [last.connector, ...last.tasks].flatMap(({ trace }) => causes(side.normal(trace ?? ''))),
    file: sorted ? lines.sort() : lines,
    topics: Object.fromEntries(
      Object.entries(seen).map(([topic, all]) => {
        const records = all.map(withoutMoment);
        // Which partition is read first is nobody's promise.
        return [topic, sorted ? records.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : records];
      }),
    ),
    log: side.failuresLogged(own),
    offsets,
  };
}

const noStatus: Status = { connector: { state: '' }, tasks: [] };

/** When a worker sent it is no part of the comparison; times that a scenario gave are years away. */
function withoutMoment({ timestamp, ...record }: SeenRecord): SeenRecord {
  const recent = Math.abs(Number(timestamp) - Date.now()) < 86_400_000;
  return recent ? record : { ...record, timestamp };
}

async function createTopics(side: Side, topics: NonNullable<Scenario['topics']>): Promise<void> {
  const admin = clients.admin({ 'bootstrap.servers': side.bootstrapServers });
  await admin.createTopics(
    topics.map(({ name, partitions, configs }) => ({
      name: name.replaceAll('{side}', side.prefix),
      numPartitions: partitions,
      replicationFactor: 1,
      ...(configs === undefined ? {} : { configs }),
    })),
  );
  await admin.close();
}

/**
 * Offsets are stored a moment after the records: waits until they are at the end, and where they never come to it for
 * as long as many commits take.
 */
async function settledOffsets(side: Side, name: string, scenario: Scenario): Promise<unknown> {
  let same = 0;
  let before = '';
  let atEnd = false;
  const read = async () => {
    const { offsets } = await side.ask<{ offsets: Offset[] }>('GET', `/connectors/${name}/offsets`);
    const all = offsets.map((it) => comparable(side, it, scenario));
    const text = side.normal(JSON.stringify(all.map((it) => JSON.stringify(it, sortedKeys)).sort()));
    same = text === before ? same + 1 : 0;
    before = text;
    atEnd = isAtEnd(all, scenario);
    return (JSON.parse(text) as string[]).map((it) => JSON.parse(it));
  };
  return side.until(read, () => atEnd || same >= (scenario.fails ? 10 : 40), PATIENCE_MS);
}

function isAtEnd(offsets: readonly Offset[], scenario: Scenario): boolean {
  if (scenario.kind === 'sink') {
    const read = offsets.reduce((sum, { offset }) => sum + Number(offset.kafka_offset), 0);
    return read === scenario.records.length;
  }
  const end = Buffer.byteLength(scenario.lines.slice(0, scenario.lines.lastIndexOf('\n') + 1));
  return offsets.some(({ offset }) => offset.position === end);
}

/** For `JSON.stringify`: Java's come in the order of a hash table. */
function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Offset {
  partition: Readonly<Record<string, unknown>>;
  offset: { position?: number; fingerprint?: unknown; [name: string]: unknown };
}

/** Java's positions in files count UTF-16 units, ours bytes, with a fingerprint of the file beside. */
function comparable({ prefix }: Side, { partition, offset }: Offset, scenario: Scenario): Offset {
  const { position, fingerprint: _, ...rest } = offset;
  if (scenario.kind === 'sink' || position === undefined) return { partition, offset };
  const before = scenario.lines.slice(0, position);
  return { partition, offset: { position: prefix === 'side-a' ? Buffer.byteLength(before) : position, ...rest } };
}
