import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  isRequest,
  UnsupportedRequestVersionException,
} from '../../../main/protocol/frames.ts';
import { APIS, apiVersions, fetch, metadata, produce } from '../../../main/protocol/messages/index.ts';
import { messageArbitrary } from '../../kit/message-arbitrary.ts';

const body = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).subarray(4);

describe('headers', () => {
  test('a request of an old version has a client id, a flexible one tagged fields too', () => {
    const request = { topics: null };
    expect(Buffer.concat(encodeRequest(metadata, 1, 5, 'me', request)).toString('hex')).toBe(
      '0000001000030001' + '00000005' + '00026d65' + 'ffffffff',
    );
    expect(Buffer.concat(encodeRequest(metadata, 9, 5, null, request)).toString('hex')).toBe(
      '0000001000030009' + '00000005' + 'ffff' + '00' + '00' + '01' + '00' + '00' + '00',
    );
  });

  test('tagged fields in the header of a request are skipped', () => {
    const bytes = Buffer.from('00030009' + '00000005' + 'ffff' + '01' + '07' + '02' + 'aabb' + '0001000000', 'hex');
    const request = decodeRequest(bytes);
    expect(isRequest(request, metadata) && request.body.topics).toBeNull();
  });

  test('ApiVersions answers without tagged fields in its header, in every version', () => {
    const response = { errorCode: 35, apiKeys: [] };
    expect(Buffer.concat(encodeResponse(apiVersions, 4, 1, response)).toString('hex')).toBe(
      '0000000c' + '00000001' + '0023' + '01' + '00000000' + '00',
    );
    expect(decodeResponse(apiVersions, 4, body(encodeResponse(apiVersions, 4, 1, response)))).toMatchObject(response);
  });
});

describe('a request that there is no table for', () => {
  test('gives its header, so that the server can answer: ApiVersions of the future', () => {
    const bytes = Buffer.from('001203e7' + '00000007' + '00026d65' + '00' + 'ffffffff', 'hex');
    const error = (() => {
      try {
        return decodeRequest(bytes);
      } catch (thrown) {
        return thrown;
      }
    })() as UnsupportedRequestVersionException;
    expect(error).toBeInstanceOf(UnsupportedRequestVersionException);
    expect(error.header).toEqual({ apiKey: 18, apiVersion: 999, correlationId: 7, clientId: 'me' });
    expect(error.message).toBe('The request ApiVersions of version 999 is not supported');
  });
  test('names an unknown key', () => {
    expect(() => decodeRequest(Buffer.from('7fff0000' + '00000007' + 'ffff', 'hex'))).toThrow('with API key 32767');
  });
  test('produce is announced from 0 and read from 3', () => {
    expect(produce.announced.min).toBe(0);
    expect(() => decodeRequest(Buffer.from('00000002' + '00000007' + 'ffff', 'hex'))).toThrow('Produce of version 2');
  });
});

describe('bytes that are not what they claim', () => {
  const request = (hex: string) => () => decodeRequest(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  test.each([
    ['an empty frame', '', "The request header can't be read"],
    ['a header cut short', '0003 0001 0000', "The request header can't be read"],
    ['a client id past the end', '0003 0001 00000005 7fff 61', "The request header can't be read"],
    ['a client id of length -2', '0003 0001 00000005 fffe', "The request header can't be read"],
    ['an array of -2', '0003 0001 00000005 ffff fffffffe', 'topics: A length of -2'],
    [
      'an array of 2^31-1',
      '0003 0001 00000005 ffff 7fffffff',
      'topics: An array claims 2147483647 elements in 0 bytes',
    ],
    [
      'a compact array of 2^32-2',
      '0003 0009 00000005 ffff 00 ffffffff0f',
      'topics: An array claims 4294967294 elements',
    ],
    ['a string past the end', '0003 0001 00000005 ffff 00000001 7fff 61', 'topics.name: 32767 bytes are needed'],
    ['a compact string of 2^31', '0003 0009 00000005 ffff 00 02 8180808008', 'topics.name: A string claims 2147483648'],
    ['a string of length -2', '0003 0001 00000005 ffff 00000001 fffe 61', 'topics.name: A string length of -2'],
    ['a null that may not be', '0003 0001 00000005 ffff 00000001 ffff 61', 'topics.name: null stands'],
    ['a varint of ten bytes', '0003 0009 00000005 ffff 00 ffffffffffffffffff01', 'topics: A varint is longer'],
    ['2^31 tagged fields', '0003 0009 00000005 ffff 00 00 01 00 00 8080808008', 'An array claims 2147483648 elements'],
    ['a tagged field past the end', '0003 0009 00000005 ffff 00 00 01 00 00 01 00 7f', '127 bytes are needed'],
    ['tagged fields of the header past the end', '0003 0009 00000005 ffff 05 00', 'An array claims 5 elements'],
  ])('%s', (_, hex, message) => {
    expect(request(hex)).toThrow(expect.objectContaining({ name: 'InvalidRequestException' }));
    expect(request(hex)).toThrow(message);
  });

  test('bytes behind the last field are let be: librdkafka 2.16 asks for all topics with three too many', () => {
    const bytes = '0003000d00000003000772646b61666b610000000000010000';
    expect(decodeRequest(Buffer.from(bytes, 'hex')).body).toMatchObject({ topics: null });
  });

  test('a tagged field that is longer or shorter than it claims', () => {
    const whole = body(encodeRequest(fetch, 12, 1, null, { maxWaitMs: 0, minBytes: 0, topics: [], clusterId: 'abc' }));
    expect(isRequest(decodeRequest(whole), fetch)).toBe(true);
    const at = whole.length - 5; // size of the only tagged field
    expect(whole[at]).toBe(4);
    for (const size of [3, 5]) {
      const changed = Buffer.concat([whole, Buffer.alloc(1)]);
      changed[at] = size;
      expect(() => decodeRequest(changed)).toThrow(/Tagged field 'clusterId' claims/);
    }
  });

  test('unknown tagged fields are skipped', () => {
    const whole = body(encodeRequest(fetch, 12, 1, null, { maxWaitMs: 0, minBytes: 0, topics: [], clusterId: 'abc' }));
    const more = Buffer.concat([whole, Buffer.from('63020102', 'hex')]);
    more[whole.length - 7]! += 1;
    expect(decodeRequest(more).body).toMatchObject({ clusterId: 'abc' });
  });
});

describe('values that do not fit', () => {
  const topic = { name: 'x', partitionData: [{ index: 2 ** 31, records: null }] };
  test('are named by their field', () => {
    expect(() => encodeRequest(produce, 9, 1, null, { acks: -1, timeoutMs: 0, topicData: [topic] })).toThrow(
      /^topicData\.partitionData\.index: The value of "value" is out of range/,
    );
    expect(() => encodeRequest(metadata, 0, 1, null, { topics: null })).toThrow('topics: null stands');
    expect(() => encodeRequest(metadata, 9, 1, null, { topics: [{ name: 'x'.repeat(32_768) }] })).toThrow(
      'topics.name: A string of 32768 bytes is too long',
    );
    expect(() => encodeRequest(metadata, 12, 1, null, { topics: [{ topicId: 'no id', name: null }] })).toThrow(
      "topics.topicId: 'no id' is not a Kafka uuid",
    );
  });
});

test('record batches are handed on, not copied', () => {
  const records = [Buffer.alloc(2000, 1), Buffer.alloc(3000, 2)];
  const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 9n, abortedTransactions: null, records };
  const chunks = encodeResponse(fetch, 18, 1, { responses: [{ partitions: [partition] }] });
  expect(chunks).toHaveLength(4);
  expect(chunks[1]).toBe(records[0]);
  expect(chunks[2]).toBe(records[1]);
  const read = decodeResponse(fetch, 18, body(chunks)).responses[0]!.partitions[0]!.records!;
  expect(read.equals(Buffer.concat(records))).toBe(true);
});

test('mutated frames end in a value or a typed error, soon and without much memory', () => {
  const seed = Number(process.env.RUNNEL_SEED ?? Math.floor(performance.now() * 1000) % 2 ** 31);
  const kinds = APIS.flatMap((api) =>
    (['request', 'response'] as const).flatMap((kind) =>
      Array.from({ length: api.versions.max - api.versions.min + 1 }, (_, i) => ({
        api,
        kind,
        version: api.versions.min + i,
      })),
    ),
  );
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('set'), at: fc.nat(), value: fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff) }),
    fc.record({ kind: fc.constant('cut'), at: fc.nat(), value: fc.nat(3) }),
    fc.record({ kind: fc.constant('insert'), at: fc.nat(), value: fc.nat(255) }),
  );
  const run = fc
    .constantFrom(...kinds)
    .chain(({ api, kind, version }) =>
      fc.tuple(
        fc.constant({ api, kind, version }),
        messageArbitrary(api[kind].fields, version),
        fc.array(mutation, { minLength: 1, maxLength: 8 }),
      ),
    );
  let slowest = 0;
  const before = process.memoryUsage().arrayBuffers;
  fc.assert(
    fc.property(run, ([{ api, kind, version }, value, mutations]) => {
      const encode =
        kind === 'request'
          ? encodeRequest(api, version, 1, 'c', value as never)
          : encodeResponse(api, version, 1, value as never);
      let bytes = body(encode);
      for (const { kind: how, at, value: by } of mutations) {
        const place = at % (bytes.length + 1);
        if (how === 'set' && place < bytes.length) bytes[place] = by;
        else if (how === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + by)]);
        else bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([by]), bytes.subarray(place)]);
      }
      const decode = () => {
        const start = performance.now();
        try {
          if (kind === 'request') decodeRequest(bytes);
          else decodeResponse(api, version, bytes);
        } catch (error) {
          expect(['InvalidRequestException', 'UnsupportedRequestVersionException', 'SchemaException']).toContain(
            (error as Error).name,
          );
        }
        return performance.now() - start;
      };
      let ms = decode();
      // On a busy machine anything can be late once: what is slow is slow each time.
      for (let again = 0; again < 5 && ms >= 100; again++) ms = Math.min(ms, decode());
      slowest = Math.max(slowest, ms);
    }),
    { seed, numRuns: process.env.RUNNEL_TESTS === 'night' ? 200_000 : 4000 },
  );
  console.log(`seed ${seed}, slowest ${slowest.toFixed(1)} ms`);
  expect(slowest).toBeLessThan(100);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});

test('a hundred megabytes of the smallest elements are refused before they become gigabytes', () => {
  const bytes = Buffer.alloc(100 * 1024 * 1024, 1);
  // FindCoordinator 4: key type, then an array that claims 100 million empty strings.
  Buffer.from('000a0004' + '00000001' + 'ffff' + '00' + '00' + '80c2d72f', 'hex').copy(bytes);
  expect(() => decodeRequest(bytes)).toThrow('coordinatorKeys: The message has more than 1000000 elements');
});
