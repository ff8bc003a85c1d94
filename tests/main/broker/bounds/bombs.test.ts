import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTopics, Errors, listOffsets, produce } from '../../../../main/protocol/messages/index.ts';
import { compress } from '../../../../main/protocol/records/compression/compression.ts';
import { type CompressionType, compressionId } from '../../../../main/protocol/records/compression/compression-type.ts';
import { crc32c } from '../../../../main/protocol/records/crc32c.ts';
import { BatchLayout, LOG_OVERHEAD, RECORD_BATCH_OVERHEAD } from '../../../../main/protocol/records/record-batch.ts';
import { sizeOfVarint, writeVarint } from '../../../../main/protocol/records/varint.ts';
import { BOMBS } from '../../../kit/bombs.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import type { RawClient } from '../../../kit/raw-client.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';
import { TurnWatch } from '../../../kit/turn-watch.ts';

const MIB = 1024 * 1024;
const LONGEST_TURN_MS = 100;
const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
const TOPICS = ['plain', 'compacted', 'repacked'] as const;

let running: TestSandbox;
let client: RawClient;

beforeAll(async () => {
  running = await TestSandbox.start({ overrides: { 'message.max.bytes': String(64 * MIB) } });
  client = await running.client();
  const configs = {
    plain: {},
    compacted: { 'cleanup.policy': 'compact' },
    repacked: { 'compression.type': 'zstd', 'compression.zstd.level': '1' },
  };
  const { topics } = await client.request(createTopics, 5, {
    topics: TOPICS.map((name) => ({
      name,
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: Object.entries(configs[name]).map(([key, value]) => ({ name: key, value })),
    })),
  });
  expect(topics.every(({ errorCode }) => errorCode === 0)).toBe(true);
});
afterAll(() => running.close());

/** A batch whose header and checksum are right, whatever its records are. */
function batchWith(compression: CompressionType, payload: Uint8Array, recordCount = 1): Buffer {
  const batch = Buffer.concat([batchOf(['x']).subarray(0, RECORD_BATCH_OVERHEAD), payload]);
  batch.writeInt32BE(batch.length - LOG_OVERHEAD, BatchLayout.batchLength);
  batch.writeInt16BE(compressionId(compression), BatchLayout.attributes);
  batch.writeInt32BE(recordCount - 1, BatchLayout.lastOffsetDelta);
  batch.writeInt32BE(recordCount, BatchLayout.recordCount);
  batch.writeUInt32BE(crc32c(batch, BatchLayout.attributes), BatchLayout.crc);
  return batch;
}

/** One record with a key and a value of zeros. */
function recordOfZeros(bytes: number): Buffer {
  // Attributes, timestamp delta, offset delta, key "k"; no headers.
  const head = [0, 0, 0, 2, 107];
  const length = head.length + sizeOfVarint(bytes) + bytes + 1;
  const record = Buffer.alloc(sizeOfVarint(length) + length);
  let at = writeVarint(record, 0, length);
  record.set(head, at);
  at += head.length;
  writeVarint(record, at, bytes);
  return record;
}

async function write(topic: string, records: Buffer, by = client) {
  const { responses } = await by.request(produce, 9, {
    acks: -1,
    timeoutMs: 60_000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  });
  return responses[0]!.partitionResponses[0]!;
}

/** What `work` gives; meanwhile no turn of the event loop is long, and the memory is that of one batch or two. */
async function unnoticed<T>(work: () => Promise<T>): Promise<T> {
  const watch = new TurnWatch();
  const result = await work();
  const { longestMs, grownMiB } = await watch.stop();
  if (process.env.RUNNEL_TESTS === 'night')
    console.log(`longest turn ${longestMs.toFixed(0)} ms, ${grownMiB.toFixed(0)} MiB`);
  expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  expect(grownMiB).toBeLessThan(450);
  return result;
}

describe.each(CODECS)('%s', (codec) => {
  const bomb = batchWith(codec, BOMBS[codec](200));
  const cut = BOMBS[codec](20);
  const large = batchWith(codec, compress(codec, recordOfZeros(60 * MIB)));

  test.each(TOPICS)(
    'a bomb in a topic that is %s is too large; it holds up nobody and takes no memory',
    async (topic) => {
      const answer = await unnoticed(() => write(topic, bomb));
      expect(answer).toMatchObject({
        errorCode: Errors.MESSAGE_TOO_LARGE,
        errorMessage: 'The decompressed record batch is larger than 134217728 bytes',
      });
    },
  );

  test('five bombs at once are opened one after another; other clients go on', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => running.client()));
    const watch = new TurnWatch();
    let bombsLeft = others.length;
    const bombed = Promise.all(
      others.map((other) =>
        write('plain', bomb, other).finally(() => {
          bombsLeft--;
        }),
      ),
    );
    let written = 0;
    for (; bombsLeft > 0; written++) {
      const answer = await write('plain', batchOf(['small'], { compression: codec, timestamp: BigInt(Date.now()) }));
      expect(answer.errorCode).toBe(0);
    }
    expect((await bombed).every(({ errorCode }) => errorCode === Errors.MESSAGE_TOO_LARGE)).toBe(true);
    expect(written).toBeGreaterThan(5);
    const { longestMs, grownMiB } = await watch.stop();
    expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
    expect(grownMiB).toBeLessThan(450);
    for (const other of others) other.close();
  });

  test.each(TOPICS)('a record of 60 MiB goes into a topic that is %s, and is found by its time', async (topic) => {
    const { errorCode, baseOffset } = await unnoticed(() => write(topic, large));
    expect(errorCode).toBe(0);
    const { topics } = await unnoticed(() =>
      client.request(listOffsets, 7, {
        replicaId: -1,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: 1n }] }],
      }),
    );
    expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, offset: expect.any(BigInt) });
    expect(topics[0]!.partitions[0]!.offset).toBeLessThanOrEqual(baseOffset);
  });

  test.each([
    ['that is cut', cut.subarray(0, cut.length - 100)],
    ['that goes on behind its end', Buffer.concat([cut, Buffer.from('more')])],
    ['with a batch inside', compress(codec, batchOf(['x'.repeat(3 * MIB)], { compression: codec }))],
    ['with another codec inside', compress(codec, compress(codec === 'gzip' ? 'lz4' : 'gzip', recordOfZeros(3 * MIB)))],
    ['of zeros, which are no records', cut],
  ])('a stream %s is no record', async (_, stream) => {
    const answer = await unnoticed(() => write('plain', batchWith(codec, stream)));
    expect(answer.errorCode).toBe(Errors.INVALID_RECORD);
  });

  test('what a client sends behind a large batch comes behind it in the log', async () => {
    const small = (value: string) => batchOf([value], { timestamp: BigInt(Date.now()) });
    const answers = await Promise.all([
      write('plain', small('before')),
      write('plain', large),
      write('plain', small('behind')),
      write('plain', batchWith(codec, cut)),
      write('plain', small('last')),
    ]);
    const first = answers[0]!.baseOffset;
    expect(answers.map(({ baseOffset }) => baseOffset)).toEqual([first, first + 1n, first + 2n, -1n, first + 3n]);
  });

  test('so are the batches of an idempotent producer', async () => {
    const of = (baseSequence: number, records: Buffer) => {
      const batch = Buffer.from(records);
      batch.writeBigInt64BE(BigInt(7000 + CODECS.indexOf(codec)), BatchLayout.producerId);
      batch.writeInt16BE(0, BatchLayout.producerEpoch);
      batch.writeInt32BE(baseSequence, BatchLayout.baseSequence);
      batch.writeUInt32BE(crc32c(batch, BatchLayout.attributes), BatchLayout.crc);
      return batch;
    };
    const small = batchOf(['x'], { timestamp: BigInt(Date.now()) });
    const answers = await Promise.all([
      write('plain', of(0, small)),
      write('plain', of(1, large)),
      write('plain', of(2, small)),
      write('plain', of(1, large)),
    ]);
    const first = answers[0]!.baseOffset;
    expect(answers.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual([
      [0, first],
      [0, first + 1n],
      [0, first + 2n],
      [0, first + 1n],
    ]);
  });
});

describe('millions of records', () => {
  /** Length 6, no key, no value, no headers. */
  const keyless = Buffer.alloc(7 * 4_000_000, Buffer.from([12, 0, 0, 0, 1, 1, 0]));

  test('without a key are counted in the answer, and ten thousand of them named', async () => {
    const batch = batchWith('zstd', compress('zstd', keyless), 4_000_000);
    const answer = await unnoticed(() => write('compacted', batch));
    expect(answer.errorCode).toBe(Errors.INVALID_RECORD);
    expect(answer.errorMessage).toContain('due to 4000000 record errors in total');
    expect(answer.recordErrors).toHaveLength(10_000);
  });

  test('go into a topic that needs no keys', async () => {
    const batch = batchWith('zstd', compress('zstd', keyless), 4_000_000);
    expect((await unnoticed(() => write('plain', batch))).errorCode).toBe(0);
  });

  test('one of them with millions of headers does, too', async () => {
    const headers = Buffer.alloc(4_000_000, Buffer.from([0, 1]));
    const body = Buffer.concat([Buffer.from([0, 0, 0, 1, 1]), Buffer.alloc(5), headers]);
    const count = sizeOfVarint(2_000_000);
    writeVarint(body, 5, 2_000_000);
    const record = Buffer.concat([body.subarray(0, 5 + count), headers]);
    const length = Buffer.alloc(5);
    const payload = Buffer.concat([length.subarray(0, writeVarint(length, 0, record.length)), record]);
    const batch = batchWith('zstd', compress('zstd', payload));
    expect((await unnoticed(() => write('plain', batch))).errorCode).toBe(0);
    const { topics } = await unnoticed(() =>
      client.request(listOffsets, 7, {
        replicaId: -1,
        topics: [{ name: 'plain', partitions: [{ partitionIndex: 0, timestamp: -3n }] }],
      }),
    );
    expect(topics[0]!.partitions[0]?.errorCode).toBe(0);
  });
});
