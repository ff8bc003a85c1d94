import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BrokerConfig } from '../../main/broker/config/broker-config.ts';
import { NodeFileSystem } from '../../main/broker/log/node-file-system.ts';
import { BrokerStorage } from '../../main/broker/metadata/broker-storage.ts';
import { silentLogger } from '../../main/logging.ts';
import { encodeRecordBatch } from '../../main/protocol/records/encode-records.ts';
import { runJava } from '../kit/apache-kafka.ts';
import { MockTime } from '../kit/mock-time.ts';
import { needs } from '../kit/needs.ts';
import { runInProcess } from '../kit/run-program.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const PRODUCERS = 3;
let directory: string;

/** Several segments of idempotent batches in every codec, a compacted topic that was compacted, and their metadata. */
async function writeLogs(): Promise<void> {
  const time = new MockTime(Date.now());
  const storage = await BrokerStorage.open({
    directory,
    fileSystem: new NodeFileSystem(),
    config: new BrokerConfig(),
    time,
    logger: silentLogger,
    randomBytes: () => randomBytes(16),
  });
  const small = ['segment.bytes', '1048576'] as const;
  const { topics } = storage;
  const rolled = (await topics.create('rolled', 1, new Map([small]))).logs[0]!;
  for (let i = 0; i < 3000; i++) {
    const records = Array.from({ length: 3 }, (_, n) => ({
      timestamp: BigInt(time.milliseconds()) + BigInt((i * 7) % 1000),
      key: Buffer.from(`key ${i}`),
      value: randomBytes(300 + ((i * n) % 200)),
    }));
    const batch = encodeRecordBatch(records, {
      compression: CODECS[i % CODECS.length],
      producerId: BigInt(1 + (i % PRODUCERS)),
      producerEpoch: 0,
      baseSequence: Math.floor(i / PRODUCERS) * 3,
    });
    const { committed } = rolled.append(batch);
    if (i % 50 === 0) await committed.wait();
  }
  await rolled.append(encodeRecordBatch([{ timestamp: 1n, key: null, value: null }])).committed.wait();
  const compacted = (await topics.create('compacted', 1, new Map([small, ['cleanup.policy', 'compact']]))).logs[0]!;
  for (let i = 0; i < 4000; i++) {
    const key = Buffer.from(i === 100 ? 'gone' : `key ${i % 17}`);
    const value = i === 100 ? null : randomBytes(900);
    const { committed } = compacted.append(encodeRecordBatch([{ timestamp: BigInt(time.milliseconds()), key, value }]));
    if (i % 50 === 0) await committed.wait();
  }
  const before = compacted.size;
  await time.advance(5000);
  while (compacted.size > before / 2) await time.advance(0);
  await topics.create('removed', 2, new Map());
  await topics.delete('removed');
  await topics.next();
  await storage.close();
}

describe.skipIf(needs('kafka'))('DumpLogSegments', () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'dump-'));
    await writeLogs();
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const filesOf = (partition: string, suffix: string) =>
    readdirSync(join(directory, partition))
      .filter((name) => name.endsWith(suffix))
      .sort()
      .map((name) => join(directory, partition, name));

  async function dump(files: readonly string[], ...options: string[]): Promise<string> {
    expect(files.length).toBeGreaterThan(0);
    const args = [...options, '--files', files.join(',')];
    const { code, stdout, stderr } = await runJava('org.apache.kafka.tools.DumpLogSegments', args);
    expect(code, stderr).toBe(0);
    const said = stdout.toString();
    // What ours prints of the same files, to the last byte.
    expect((await runInProcess(['dump-log', ...args])).stdout === said, 'runnel dump-log prints the same').toBe(true);
    expect(said).not.toMatch(/isvalid: false|mismatch|out of order|not found|Found .* invalid|Exception/i);
    return said;
  }

  test('reads every record of several segments, in every codec', async () => {
    const files = filesOf('rolled-0', '.log');
    expect(files.length).toBeGreaterThan(2);
    const said = await dump(files, '--deep-iteration');
    expect(said.match(/^\| offset: /gm)).toHaveLength(3000 * 3 + 1);
    for (const codec of CODECS) expect(said).toContain(`compresscodec: ${codec}`);
  });

  test('finds the indexes in keeping with the log', async () => {
    const indexes = filesOf('rolled-0', '.index');
    const said = await dump([...indexes, ...filesOf('rolled-0', '.timeindex')]);
    expect(said.match(/^offset: \d+ position: \d+$/gm)!.length).toBeGreaterThan(100);
    expect(said.match(/^timestamp: \d+ offset: \d+$/gm)!.length).toBeGreaterThan(5);
    expect(await dump(indexes, '--index-sanity-check')).toContain('passed sanity check');
  });

  test('reads the producers of a snapshot', async () => {
    const said = await dump(filesOf('rolled-0', '.snapshot').slice(-1));
    expect(said.match(/^producerId: \d+ producerEpoch: 0 .* firstSequence: 2997 lastSequence: 2999 /gm)).toHaveLength(
      PRODUCERS,
    );
  });

  test('reads what compaction wrote', async () => {
    const files = [...filesOf('compacted-0', '.log'), ...filesOf('compacted-0', '.index')];
    const said = await dump(files, '--deep-iteration');
    expect(said).toContain('deleteHorizonMs: OptionalLong[');
  });

  test('reads the metadata log with Kafka’s own decoder', async () => {
    const said = await dump(filesOf('__cluster_metadata-0', '.log'), '--cluster-metadata-decoder');
    for (const record of [
      'TOPIC_RECORD',
      'PARTITION_RECORD',
      'CONFIG_RECORD',
      'REMOVE_TOPIC_RECORD',
      'PRODUCER_IDS_RECORD',
    ]) {
      expect(said).toContain(`"type":"${record}"`);
    }
    expect(said).toContain('"name":"cleanup.policy","value":"compact"');
  });
});
