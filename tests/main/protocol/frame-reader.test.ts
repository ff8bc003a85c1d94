import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader, foreignProtocol } from '../../../main/protocol/frame-reader.ts';

const frame = (body: Buffer) => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
};

test('frames come out whole, however the stream is cut', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
  fc.assert(
    fc.property(bodies, fc.infiniteStream(fc.integer({ min: 1, max: 120 })), (list, cuts) => {
      const stream = Buffer.concat(list.map((body) => frame(Buffer.from(body))));
      const reader = new FrameReader({ maxFrameBytes: 1000 });
      const out: Buffer[] = [];
      for (let at = 0; at < stream.length; ) {
        const length = cuts.next().value as number;
        out.push(...reader.push(stream.subarray(at, at + length)));
        at += length;
      }
      expect(out).toEqual(list.map((body) => Buffer.from(body)));
      expect(reader.pendingBytes).toBe(0);
    }),
  );
});

test('a frame owns its memory and no more than that', () => {
  const chunk = Buffer.concat([frame(Buffer.from('one')), frame(Buffer.from('two'))]);
  const [one, two] = new FrameReader({ maxFrameBytes: 100 }).push(chunk);
  chunk.fill(0);
  expect([one!.toString(), two!.toString()]).toEqual(['one', 'two']);
  expect(one!.buffer.byteLength).toBe(3);
});

describe('a size that can not be is an error before anything is allocated', () => {
  test.each([
    ['-1', 'ffffffff', 'Invalid receive (size = -1)'],
    ['2^31-1', '7fffffff', 'Invalid receive (size = 2147483647 larger than 1000)'],
    ['one over the limit', '000003e9', 'Invalid receive (size = 1001 larger than 1000)'],
  ])('%s', (_, hex, message) => {
    const reader = new FrameReader({ maxFrameBytes: 1000 });
    expect(() => reader.push(Buffer.from(hex, 'hex'))).toThrow(message);
  });
  test('sizes 0 and the limit are frames', () => {
    const reader = new FrameReader({ maxFrameBytes: 1000 });
    expect(
      reader.push(Buffer.concat([frame(Buffer.alloc(0)), frame(Buffer.alloc(1000))])).map((f) => f.length),
    ).toEqual([0, 1000]);
  });
});

test('memory follows the bytes that came, not the size that was claimed', () => {
  const reader = new FrameReader({ maxFrameBytes: 2 ** 31 - 1 });
  const before = process.memoryUsage().arrayBuffers;
  reader.push(Buffer.from('7fffffff00', 'hex'));
  expect(reader.pendingBytes).toBe(5);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024);
});

test('a large frame arrives whole in small pieces', () => {
  const body = Buffer.alloc(5_000_000);
  for (let i = 0; i < body.length; i += 101) body[i] = i;
  const stream = frame(body);
  const reader = new FrameReader({ maxFrameBytes: 10_000_000 });
  const out: Buffer[] = [];
  for (let at = 0; at < stream.length; at += 65_536) out.push(...reader.push(stream.subarray(at, at + 65_536)));
  expect(out).toHaveLength(1);
  expect(out[0]!.equals(body)).toBe(true);
  expect(out[0]!.buffer.byteLength).toBe(body.length);
});

describe('another protocol is named', () => {
  test.each([
    ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\n', 'HTTP'],
    ['a browser', 'GET / HTTP/1.1\r\n', 'HTTP'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9.6\r\n', 'SSH'],
  ])('%s', (_, text, protocol) => {
    expect(foreignProtocol(Buffer.from(text))).toBe(protocol);
    const reader = new FrameReader({ maxFrameBytes: 2 ** 31 - 1 });
    expect(() => reader.push(Buffer.from(text))).toThrow(`The other side speaks ${protocol}, not Kafka's protocol`);
  });
  test.each([
    ['alert, as a TLS server answers plain bytes', '15030300020228'],
    ['handshake, as a TLS client begins', '1603010200010001fc0303'],
  ])('a TLS %s', (_, hex) => {
    const reader = new FrameReader({ maxFrameBytes: 2 ** 31 - 1 });
    expect(() => reader.push(Buffer.from(hex, 'hex'))).toThrow("speaks TLS, not Kafka's protocol");
  });
  test('but only at the start of a connection', () => {
    const reader = new FrameReader({ maxFrameBytes: 100 });
    reader.push(frame(Buffer.from('kafka')));
    expect(() => reader.push(Buffer.from('HTTP'))).toThrow('Invalid receive');
  });
});
