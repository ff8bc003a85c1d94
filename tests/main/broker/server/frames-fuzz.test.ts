import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correlationIdOf, encodeRequest } from '../../../../main/protocol/frames.ts';
import { APIS, createTopics, produce } from '../../../../main/protocol/messages/index.ts';
import { COMPRESSION_TYPES } from '../../../../main/protocol/records/compression/compression-type.ts';
import { crc32c } from '../../../../main/protocol/records/crc32c.ts';
import { InProcessBroker } from '../../../kit/in-process-broker.ts';
import { InProcessConnection } from '../../../kit/in-process-connection.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import { messageArbitrary } from '../../../kit/message-arbitrary.ts';
import { Choices, testSeed } from '../../../kit/seeded-random.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';

const FRAMES = { quick: 15_000, ci: 100_000, night: 5_000_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 15_000;
/** A broker that took so many makes room for a new one: what it was told to keep is not what is tested. */
const FRAMES_A_BROKER = 20_000;
/** Written at once, as a client with several requests under way does. */
const FRAMES_AT_ONCE = 8;
const LONGEST_MS = 100;
const SEEDS_A_VERSION = 6;
const CRC_AT = 17;
const CRC_FROM = 21;

/** Long waits and thousands of partitions are asked for on purpose by nobody here. */
function tame(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tame);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'numPartitions' || name === 'count') return [name, Math.abs(Number(inner)) % 5];
      return [name, tame(inner)];
    }),
  );
}

/** Requests by the grammar of every API in every version: what the others are made of. */
function grown(broker: InProcessBroker, seed: number): Buffer[] {
  const frames: Buffer[] = [];
  for (const api of APIS) {
    if (!broker.broker.handlers.has(api.key)) continue;
    for (let version = api.versions.min; version <= api.versions.max; version++) {
      const bodies = fc.sample(messageArbitrary(api.request.fields, version), { seed, numRuns: SEEDS_A_VERSION });
      for (const body of bodies)
        frames.push(Buffer.concat(encodeRequest(api, version, 0, 'fuzz', tame(body) as never)));
    }
  }
  return frames;
}

/** A batch whose checksum is right, whatever was done to the rest: it is opened. */
function brokenBatch(choices: Choices): Buffer {
  const values = Array.from({ length: choices.between(1, 4) }, () => 'x'.repeat(choices.between(0, 200)));
  const batch = batchOf(values, {
    compression: choices.pick(COMPRESSION_TYPES),
    producerId: choices.chance(0.3) ? BigInt(choices.between(0, 3)) : -1n,
    producerEpoch: 0,
    baseSequence: choices.between(0, 2),
  });
  for (let i = choices.between(0, 3); i > 0; i--) batch[choices.between(0, batch.length - 1)] = choices.between(0, 255);
  if (choices.chance(0.9)) batch.writeUInt32BE(crc32c(batch, CRC_FROM), CRC_AT);
  return batch;
}

function produceFrame(choices: Choices): Buffer {
  const topicData = [{ name: 'tweets', partitionData: [{ index: 0, records: brokenBatch(choices) }] }];
  return Buffer.concat(
    encodeRequest(produce, 9, 0, 'fuzz', { acks: choices.pick([0, 1, -1]), timeoutMs: 1, topicData }),
  );
}

/** Some bytes changed, a piece cut out or doubled; the length and the correlation id are right again after it. */
function mutated(frame: Buffer, choices: Choices): Buffer {
  let bytes = Buffer.from(frame);
  for (let i = choices.between(0, 4); i > 0; i--) {
    const at = choices.between(4, bytes.length - 1);
    const value = choices.chance(0.5) ? choices.pick([0, 1, 0x7f, 0x80, 0xff]) : choices.between(0, 255);
    // Sizes are mostly small: a byte that says "many" is worth more than any other.
    if (choices.chance(0.7)) bytes[at] = value;
    else bytes[at] = bytes[at]! ^ (1 << choices.between(0, 7));
  }
  if (choices.chance(0.15) && bytes.length > 20) bytes = bytes.subarray(0, choices.between(14, bytes.length));
  if (choices.chance(0.1)) {
    const [from, at] = [choices.between(4, bytes.length - 1), choices.between(14, Math.max(14, bytes.length))];
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      bytes.subarray(from, from + choices.between(1, 30)),
      bytes.subarray(at),
    ]);
  }
  return bytes;
}

/** A broken frame ends its connection, so that most must be whole for the others to be met in any state. */
function frameOf(choices: Choices, seeds: readonly Buffer[]): Buffer {
  if (choices.chance(0.2)) return produceFrame(choices);
  const seed = choices.pick(seeds);
  return choices.chance(0.3) ? mutated(seed, choices) : Buffer.from(seed);
}

const seed = testSeed();

test(`${FRAMES} frames, grown and mutated: no crash, no hang, answers in the order of their requests, memory bounded (seed ${seed})`, {
  timeout: 120_000 + FRAMES * 2,
}, async () => {
  const choices = new Choices(seed);
  let slowest = { ms: 0, frames: '' };
  let answered = 0;
  let seeds: Buffer[] | undefined;
  let rss = 0;
  for (let sent = 0; sent < FRAMES; ) {
    const disk = new SimFileSystem();
    const broker = await InProcessBroker.open(disk);
    await broker.request(createTopics, 5, {
      topics: [{ name: 'tweets', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    });
    seeds ??= grown(broker, seed);
    let correlationId = 0;
    let last = 0;
    const onFrame = (frame: Buffer) => {
      const id = correlationIdOf(frame);
      expect(id, 'an answer out of order').toBeGreaterThan(last);
      last = id;
      answered++;
    };
    let connection = new InProcessConnection(broker, onFrame);
    for (const until = Math.min(FRAMES, sent + FRAMES_A_BROKER); sent < until; sent += FRAMES_AT_ONCE) {
      if (connection.isClosed) {
        connection = new InProcessConnection(broker, onFrame);
      }
      const frames = Array.from({ length: FRAMES_AT_ONCE }, () => {
        const frame = frameOf(choices, seeds!);
        frame.writeInt32BE(frame.length - 4, 0);
        frame.writeInt32BE(++correlationId, 8);
        return frame;
      });
      const bytes = Buffer.concat(frames);
      const before = process.threadCpuUsage?.() ?? process.cpuUsage();
      connection.send(bytes);
      await new Promise((resolve) => setImmediate(resolve));
      const used = process.threadCpuUsage?.(before) ?? process.cpuUsage(before);
      const ms = (used.user + used.system) / 1000;
      if (ms > slowest.ms) slowest = { ms, frames: bytes.toString('hex') };
      if (sent % 800 === 0) {
        await broker.time.advance(1000);
        // Behind a request that waits for minutes (JoinGroup) nothing is answered.
        connection.close();
      }
    }
    connection.close();
    expect(broker.lines.filter((line) => line.startsWith('ERROR'))).toEqual([]);
    await broker.close();
    const now = process.memoryUsage().rss;
    if (rss === 0) rss = now;
    expect(now - rss, 'memory grew').toBeLessThan(300 * 1024 * 1024);
  }
  // A first answer pays for the compiler, a batch of eight for the collection of garbage.
  expect(slowest.ms, `these took long: ${slowest.frames.slice(0, 4000)}`).toBeLessThan(LONGEST_MS);
  expect(answered).toBeGreaterThan(FRAMES / 20);
});
