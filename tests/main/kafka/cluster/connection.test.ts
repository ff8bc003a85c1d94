import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Connection } from '../../../../main/kafka/cluster/connection.ts';
import { NetworkException } from '../../../../main/kafka/errors.ts';
import { encodeResponse } from '../../../../main/protocol/frames.ts';
import { apiVersions, heartbeat, metadata } from '../../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../../main/time.ts';
import { FakeBroker } from '../../../kit/fake-broker.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const listen = (server: Server, host = '127.0.0.1') =>
  new Promise<number>((resolve) => {
    server.listen(0, host, () => resolve((server.address() as { port: number }).port));
    closing.push(() => server.close());
  });

async function peer(behave: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    closing.push(() => socket.destroy());
    socket.on('error', () => socket.destroy());
    behave(socket);
  });
  return listen(server);
}

async function fakeBroker(options?: ConstructorParameters<typeof FakeBroker>[0]): Promise<FakeBroker> {
  const broker = await new FakeBroker(options).start();
  closing.push(() => broker.stop());
  return broker;
}

async function open(port: number, overrides: Partial<Parameters<typeof Connection.open>[0]> = {}): Promise<Connection> {
  const connection = await Connection.open({
    address: { host: '127.0.0.1', port },
    clientId: 'test',
    setupTimeoutMs: 1_500,
    requestTimeoutMs: 30_000,
    maxResponseBytes: 100 * 1024 * 1024,
    security: { tls: null, sasl: null },
    time: systemTime,
    ...overrides,
  });
  closing.push(() => connection.close());
  return connection;
}

/** What opening rejects with, and how long that took. */
async function refused(port: number): Promise<{ error: NetworkException; ms: number; rss: number }> {
  const start = performance.now();
  const before = process.memoryUsage().rss;
  const error = await open(port).then(
    () => new Error('it opened'),
    (e: unknown) => e,
  );
  const rss = process.memoryUsage().rss - before;
  return { error: error as NetworkException, ms: performance.now() - start, rss };
}

const frame = (size: number, content: Buffer) => {
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(size);
  return Buffer.concat([prefix, content]);
};
const answerTo = (request: Buffer, content: Buffer) => {
  const body = Buffer.concat([request.subarray(8, 12), content]);
  return frame(body.length, body);
};

describe('a port that is not a Kafka broker is named within 2 s', () => {
  test.each<[string, (socket: Socket) => void, RegExp, string]>([
    [
      'TLS',
      (s) => s.once('data', () => s.write(Buffer.from('15030300020246', 'hex'))),
      /speaks TLS, not Kafka/,
      'NOT_KAFKA',
    ],
    ['SSH', (s) => s.write('SSH-2.0-OpenSSH_9.2\r\n'), /speaks SSH, not Kafka/, 'NOT_KAFKA'],
    ['Redis', (s) => s.once('data', () => s.write('-ERR unknown command\r\n')), /speaks Redis, not Kafka/, 'NOT_KAFKA'],
    [
      '1.2 GB claimed',
      (s) => s.once('data', () => s.write(frame(1_200_000_000, Buffer.alloc(9)))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    [
      'a negative size',
      (s) => s.once('data', () => s.write(frame(-2, Buffer.alloc(9)))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    [
      'frames without content',
      (s) => s.once('data', () => s.write(Buffer.alloc(64))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    ['endless bytes', (s) => s.once('data', () => pourInto(s)), /not a Kafka broker/, 'NOT_KAFKA'],
    [
      'a frame that never ends',
      (s) => s.once('data', () => s.write(frame(1000, Buffer.alloc(9)))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    [
      'a wrong correlation id',
      (s) => s.once('data', () => s.write(frame(6, Buffer.from('7fffffff0000', 'hex')))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    [
      'two billion API keys',
      (s) => s.once('data', (r) => s.write(answerTo(r, Buffer.from('0000ffffffff07', 'hex')))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    [
      'bytes behind the answer',
      (s) => s.once('data', (r) => s.write(answerTo(r, Buffer.from('000001000000000000ffff', 'hex')))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    [
      'an error code',
      (s) => s.once('data', (r) => s.write(answerTo(r, Buffer.from('7fff010000000000', 'hex')))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    ['hanging up', (s) => s.once('data', () => s.destroy()), /closed the connection without answering/, 'NOT_KAFKA'],
    [
      'hanging up in the middle',
      (s) => s.once('data', () => s.end(frame(1000, Buffer.alloc(9)))),
      /not a Kafka broker/,
      'NOT_KAFKA',
    ],
    ['silence', () => {}, /did not answer as a Kafka broker within 1500 ms/, 'TIMEOUT'],
  ])('%s', async (_, behave, message, code) => {
    const { error, ms, rss } = await refused(await peer(behave));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    expect(ms).toBeLessThan(2_000);
    expect(rss).toBeLessThan(64 * 1024 * 1024);
  });

  test('HTTP', async () => {
    const port = await listen(createHttpServer());
    const { error, ms } = await refused(port);
    expect(error.message).toBe(`127.0.0.1:${port} speaks HTTP, not Kafka`);
    expect(error.hint).toMatch(/Check the port/);
    expect(ms).toBeLessThan(2_000);
  });

  test('HTTP that waits for a line', async () => {
    const port = await peer((socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.includes('\r\n\r\n')) socket.end('HTTP/1.0 400 Bad Request\r\n\r\n');
      });
    });
    const { error, ms } = await refused(port);
    expect(error.message).toBe(`127.0.0.1:${port} speaks HTTP, not Kafka`);
    expect(ms).toBeLessThan(2_000);
  });

  test('nothing', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { error } = await refused(port);
    expect(error).toMatchObject({ message: `Nothing listens at 127.0.0.1:${port}`, code: 'CONNECTION_REFUSED' });
    expect(error.hint).toMatch(/runnel sandbox/);
  });

  test('a host that does not exist', async () => {
    await expect(open(1, { address: { host: 'no-such-host.invalid', port: 9092 } })).rejects.toMatchObject({
      message: 'The host name no-such-host.invalid is not known',
      code: 'HOST_UNKNOWN',
    });
  });
});

/** Writes for as long as it is read, a gigabyte at most. */
function pourInto(socket: Socket): void {
  const chunk = Buffer.alloc(65_536, 0x2a);
  let left = 16_384;
  const pour = () => {
    while (left-- > 0 && socket.writable) if (!socket.write(chunk)) return;
  };
  socket.on('drain', pour);
  pour();
}

describe('a connection', () => {
  test('uses ApiVersions of an older broker when the newest is refused', async () => {
    const broker = await fakeBroker({ newest: { 18: 1, 3: 5 } });
    const connection = await open(broker.port);
    expect(broker.received).toEqual(['ApiVersions', 'ApiVersions']);
    expect(connection.versionOf(metadata)).toBe(5);
  });

  test('takes the newest version that both sides have, and says which API is missing', async () => {
    const broker = await fakeBroker({ newest: { 12: -1, 3: 8 } });
    const connection = await open(broker.port);
    expect(connection.versionOf(metadata)).toBe(8);
    expect(connection.versionOf(metadata, 4)).toBe(4);
    expect(() => connection.versionOf(heartbeat)).toThrow(/does not support Heartbeat/);
  });

  test('finds a broker on ::1 or 127.0.0.1 by the name localhost', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const server = createServer((socket) => {
        socket.once('data', (request) => {
          const body = encodeResponse(apiVersions, 4, request.readInt32BE(8), { errorCode: 0, apiKeys: [] });
          socket.end(Buffer.concat(body));
        });
      });
      const port = await listen(server, host);
      await open(port, { address: { host: 'localhost', port } });
    }
  });

  const request = { groupId: 'g', generationId: 1, memberId: 'm' };

  test('answers pipelined requests in order', async () => {
    const broker = await fakeBroker();
    broker.on(heartbeat, ({ generationId }) => ({ errorCode: generationId }));
    const connection = await open(broker.port);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => connection.request(heartbeat, { ...request, generationId: i })),
    );
    expect(answers.map(({ errorCode }) => errorCode)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test.each([
    ['of another request', (id: number) => [id + 100]],
    ['that nobody asked for', (id: number) => [id, id + 100]],
    ['given twice', (id: number) => [id, id]],
  ])('ends at an answer %s, and gives it to nobody', async (_, ids) => {
    const broker = await fakeBroker();
    broker.on(heartbeat, (_body, { correlationId, apiVersion }, socket) => {
      for (const id of ids(correlationId)) {
        for (const chunk of encodeResponse(heartbeat, apiVersion, id, { errorCode: 27 })) socket.write(chunk);
      }
      return 'nothing';
    });
    const connection = await open(broker.port);
    const ended = new Promise<Error>((resolve) => connection.onClose(resolve));
    const answers = await Promise.allSettled([
      connection.request(heartbeat, request),
      connection.request(metadata, { topics: [] }),
    ]);
    expect(answers[1]?.status).toBe('rejected');
    expect((await ended).message).toMatch(/correlation id/);
  });

  test('ends when an answer can’t be read, with what it says', async () => {
    const broker = await fakeBroker();
    broker.on(heartbeat, (_body, { correlationId }, socket) => {
      const body = Buffer.alloc(6);
      body.writeInt32BE(correlationId);
      socket.write(frame(6, body));
      return 'nothing';
    });
    const connection = await open(broker.port);
    await expect(connection.request(heartbeat, request)).rejects.toThrow(/bytes are needed/);
    expect(connection.error?.message).toMatch(/answer .* to Heartbeat can't be read/);
  });

  test('ends at a request that is not answered in time; later ones would be answered late too', async () => {
    const broker = await fakeBroker();
    broker.on(heartbeat, () => 'nothing');
    const connection = await open(broker.port);
    const first = connection.request(heartbeat, request, 50);
    const second = connection.request(heartbeat, request);
    await expect(first).rejects.toThrow(/did not answer Heartbeat within 50 ms/);
    await expect(second).rejects.toThrow(/did not answer Heartbeat within 50 ms/);
    expect(connection.error).not.toBeNull();
  });

  test('rejects what is pending when the broker goes away', async () => {
    const broker = await fakeBroker();
    broker.on(heartbeat, () => 'hang up');
    const connection = await open(broker.port);
    await expect(connection.request(heartbeat, request)).rejects.toBeInstanceOf(NetworkException);
    await expect(connection.request(heartbeat, request)).rejects.toThrow(/was lost/);
  });

  test('bounds an answer before a byte of it is kept', async () => {
    const broker = await fakeBroker();
    broker.on(heartbeat, (_body, _header, socket) => {
      socket.write(frame(5_000, Buffer.alloc(10)));
      return 'nothing';
    });
    const connection = await open(broker.port, { maxResponseBytes: 4_096 });
    await expect(connection.request(heartbeat, request)).rejects.toThrow(/larger than 4096/);
  });
});
