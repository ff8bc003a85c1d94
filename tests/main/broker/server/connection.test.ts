import { afterEach, describe, expect, test } from 'vitest';
import { encodeRequest } from '../../../../main/protocol/frames.ts';
import {
  apiVersions,
  Errors,
  fetch,
  listOffsets,
  metadata,
  produce,
} from '../../../../main/protocol/messages/index.ts';
import { recordBatches } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import type { RawClient } from '../../../kit/raw-client.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

let running: TestSandbox;
let time: MockTime;
afterEach(() => running.close());

async function start(overrides: Record<string, string> = {}): Promise<RawClient> {
  time = new MockTime(Date.now());
  running = await TestSandbox.start({ time, overrides });
  return running.client();
}

const fetchOne = (
  over: { topic?: string; offset?: bigint; maxWaitMs?: number; minBytes?: number; maxBytes?: number } = {},
) => ({
  replicaId: -1,
  maxWaitMs: over.maxWaitMs ?? 0,
  minBytes: over.minBytes ?? 1,
  maxBytes: over.maxBytes ?? 50_000_000,
  isolationLevel: 0,
  topics: [
    {
      topic: over.topic ?? 'tweets',
      partitions: [{ partition: 0, fetchOffset: over.offset ?? 0n, partitionMaxBytes: over.maxBytes ?? 50_000_000 }],
    },
  ],
});

const produceOne = (records: Buffer, acks = -1) => ({
  acks,
  timeoutMs: 1000,
  topicData: [{ name: 'tweets', partitionData: [{ index: 0, records }] }],
});

/** Resolves when so many timers wait: that of a long poll among them. */
const begun = (timers: number) => expect.poll(() => time.pending, { interval: 1 }).toBeGreaterThanOrEqual(timers);

async function topicWith(client: RawClient, megabytes: number): Promise<void> {
  await client.request(metadata, 6, { topics: [{ name: 'tweets' }], allowAutoTopicCreation: true });
  for (let i = 0; i < megabytes; i++) {
    const answer = await client.request(produce, 7, produceOne(batchOf(['x'.repeat(1_000_000)])));
    expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
  }
}

describe('answers', () => {
  test('leave in the order of the requests, also behind a fetch that waits', async () => {
    const client = await start();
    await topicWith(client, 0);
    const order: string[] = [];
    const timers = time.pending;
    const waiting = client.request(fetch, 11, fetchOne({ maxWaitMs: 500 })).then(() => order.push('fetch'));
    const others = [
      client.request(apiVersions, 2, {}).then(() => order.push('versions')),
      client.request(metadata, 6, { topics: [] }).then(() => order.push('metadata')),
    ];
    await begun(timers + 1);
    await time.advance(499);
    expect(order).toEqual([]);
    await time.advance(1);
    await Promise.all([waiting, ...others]);
    expect(order).toEqual(['fetch', 'versions', 'metadata']);
  });

  test('a thousand small requests in one write are answered, each once', async () => {
    const client = await start();
    const answers = Array.from({ length: 1000 }, () => client.request(apiVersions, 2, {}));
    expect((await Promise.all(answers)).every(({ errorCode }) => errorCode === 0)).toBe(true);
    expect(client.strays).toEqual([]);
  });

  test('to acks=0 there is none; what comes behind is answered', async () => {
    const client = await start();
    await topicWith(client, 0);
    client.tell(produce, 7, produceOne(batchOf(['a']), 0));
    client.tell(produce, 7, produceOne(batchOf(['b']), 0));
    const offsets = {
      replicaId: -1,
      topics: [{ name: 'tweets', partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    };
    await expect
      .poll(async () => (await client.request(listOffsets, 3, offsets)).topics[0]?.partitions[0]?.offset)
      .toBe(2n);
    expect(client.strays).toEqual([]);
  });
});

describe('a version that is not known', () => {
  test('of ApiVersions is answered in version 0 with the list', async () => {
    const client = await start();
    const [chunk] = encodeRequest(apiVersions, 4, 7, 'x', { clientSoftwareName: 'x', clientSoftwareVersion: '1' });
    const bytes = Buffer.from(chunk as Uint8Array);
    bytes.writeInt16BE(999, 6);
    client.send(bytes);
    await expect.poll(() => client.strays.length).toBe(1);
    const answer = apiVersions.response.decode(0, client.strays[0] as Buffer, 4);
    expect(answer.errorCode).toBe(Errors.UNSUPPORTED_VERSION);
    expect(answer.apiKeys.find(({ apiKey }) => apiKey === 18)).toMatchObject({ minVersion: 0, maxVersion: 4 });
  });

  test.each([
    ['an API key that nobody has', 999, 0],
    ['an API that is not served', 24, 3],
    ['a Produce that is announced for librdkafka alone', 0, 2],
  ])('of %s ends the connection', async (_, key, version) => {
    const client = await start();
    const frame = Buffer.alloc(4 + 10);
    frame.writeInt32BE(10, 0);
    frame.writeInt16BE(key, 4);
    frame.writeInt16BE(version, 6);
    frame.writeInt16BE(-1, 12);
    client.send(frame);
    await client.closed;
  });
});

describe('bad frames', () => {
  const sized = (size: number, ...rest: number[]) => {
    const bytes = Buffer.alloc(4 + rest.length, 0);
    bytes.writeInt32BE(size, 0);
    bytes.set(rest, 4);
    return bytes;
  };

  test.each([
    ['-1', sized(-1)],
    ['0', sized(0)],
    ['3', sized(3, 0, 18, 0)],
    ['2^31-1', sized(0x7fff_ffff)],
    ['above socket.request.max.bytes', sized(1_000_001)],
    ['of an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('a size of %s ends the connection at once', async (_, bytes) => {
    const client = await start({ 'socket.request.max.bytes': '1000000' });
    client.send(bytes);
    await client.closed;
  });

  test('half a frame and then silence ends it after 30 s, a byte now and then keeps it', async () => {
    const client = await start();
    let closed = false;
    void client.closed.then(() => {
      closed = true;
    });
    client.send(Buffer.from([0, 0]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await time.advance(29_000);
    client.send(Buffer.from([0]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await time.advance(29_000);
    expect(closed).toBe(false);
    await time.advance(1_001);
    await client.closed;
  });

  test('a connection that is silent for connections.max.idle.ms ends, one that is not stays', async () => {
    const silent = await start({ 'connections.max.idle.ms': '60000' });
    const client = await running.client();
    for (let i = 0; i < 5; i++) {
      expect((await client.request(apiVersions, 2, {})).errorCode).toBe(0);
      await time.advance(30_000);
    }
    await silent.closed;
    expect((await client.request(apiVersions, 2, {})).errorCode).toBe(0);
    await time.advance(61_000);
    await client.closed;
  });

  test('with a negative one it stays', async () => {
    const client = await start({ 'connections.max.idle.ms': '-1' });
    await time.advance(3_600_000);
    expect((await client.request(apiVersions, 2, {})).errorCode).toBe(0);
  });
});

describe('a client that does not read', () => {
  test('holds one large answer in memory, not as many as it asks for; it is cut when nothing moves', async () => {
    const client = await start();
    await topicWith(client, 30);
    const slow = await running.client();
    slow.stopReading();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 50; i++) void slow.request(fetch, 11, fetchOne()).catch(() => {});
    // A connection that reads is not hindered.
    for (let i = 0; i < 20; i++) await client.request(apiVersions, 2, {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(120 * 1024 * 1024);
    let closed = false;
    void slow.closed.then(() => {
      closed = true;
    });
    await time.advance(299_000);
    expect(closed).toBe(false);
    await time.advance(31_000);
    slow.readOn();
    await slow.closed;
  });

  test('gets everything when it reads on', async () => {
    const client = await start();
    await topicWith(client, 5);
    client.stopReading();
    const answers = Array.from({ length: 6 }, () => client.request(fetch, 11, fetchOne()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.readOn();
    for (const answer of await Promise.all(answers)) {
      expect(answer.responses[0]?.partitions[0]?.records?.length).toBeGreaterThan(5_000_000);
    }
  });
});

describe('who it says it is', () => {
  test.each([['127.0.0.1'], ['::1']])('what the client dialled: %s', async (host) => {
    await start();
    const client = await running.client(host);
    const { brokers } = await client.request(metadata, 6, { topics: [] });
    expect(brokers).toEqual([{ nodeId: 1, host, port: running.sandbox.port, rack: null }]);
  });
});

describe('the bytes of a produce request', () => {
  test.each([0, 1, -1])('are overwritten by the next one only when they are in the log (acks=%i)', async (acks) => {
    const client = await start();
    await client.request(metadata, 6, { topics: [{ name: 'tweets' }], allowAutoTopicCreation: true });
    const values = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(300_000));
    // Sent at once: the later ones are read while the earlier ones are written.
    for (const value of values) {
      const body = produceOne(batchOf([value]), acks);
      if (acks === 0) client.tell(produce, 7, body);
      else void client.request(produce, 7, body);
    }
    await client.request(produce, 7, produceOne(batchOf(['end'])));
    const { responses } = await client.request(fetch, 11, fetchOne());
    const { records } = responses[0]!.partitions[0]!;
    const read = [...recordBatches(records!)].flatMap((batch) => decodeRecords(batch).map(({ value }) => `${value}`));
    expect(read).toEqual([...values, 'end']);
  });
});
