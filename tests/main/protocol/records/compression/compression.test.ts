import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  compress,
  decompress,
  decompressAsync,
  MAX_UNCOMPRESSED_BYTES,
} from '../../../../../main/protocol/records/compression/compression.ts';
import { compressByWasm, decompressByWasm, prepare } from '../../../../../main/protocol/records/compression/zstd.ts';

type Codec = readonly [
  name: string,
  compress: (data: Buffer) => Buffer,
  decompress: (data: Buffer, limit?: number) => Buffer | Promise<Buffer>,
];

const CODECS: readonly Codec[] = [
  ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).flatMap((type): Codec[] => [
    [type, (data) => Buffer.from(compress(type, data)), (data, limit) => decompress(type, data, limit)],
    [
      `${type}, async`,
      (data) => Buffer.from(compress(type, data)),
      (data, limit) => decompressAsync(type, data, limit),
    ],
  ]),
  [
    'zstd by WebAssembly',
    (data) => compressByWasm(data),
    (data, limit = MAX_UNCOMPRESSED_BYTES) => decompressByWasm(data, limit),
  ],
];

/** 2 blocks of 64 KiB: a run of ff is a match that goes on. */
const LINKED_BLOCKS = Buffer.from(
  '04224d1844405e1b010000ff01303132333435363738396162636465661000(ff)d85062636465661b010000ff01303132333435363738396162636465661000(ff)d850626364656600000000aa0117e3'.replaceAll(
    '(ff)',
    'ff'.repeat(256),
  ),
  'hex',
).toString('base64');

beforeAll(() => prepare(true));

describe.each(CODECS)('%s', (_, compressed, decompressed) => {
  // Matches near and far, literals in between: a word list, repeated and mixed.
  const text = fc
    .array(fc.constantFrom('alpha', 'beta', ' ', '\0\0\0\0\0\0\0\0', 'xyzxyzxyz', 'Z'), { maxLength: 3000 })
    .map((words) => Buffer.from(words.join('')));
  const data = fc.oneof(
    text,
    fc.uint8Array({ maxLength: 5000 }).map((each) => Buffer.from(each)),
  );

  test('gives back what went in', async () => {
    await fc.assert(
      fc.asyncProperty(data, async (bytes) => {
        expect((await decompressed(compressed(bytes))).equals(bytes)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('gives back 10 MB', async () => {
    const bytes = Buffer.alloc(10_000_000, 'a line of the log, number ');
    for (let i = 0; i < bytes.length; i += 997) bytes[i] = i;
    expect((await decompressed(compressed(bytes))).equals(bytes)).toBe(true);
  });

  test('stops a bomb at the limit, and lets through what just fits', async () => {
    const bomb = compressed(Buffer.alloc(3_000_000));
    expect((await decompressed(bomb, 3_000_000)).length).toBe(3_000_000);
    await expect((async () => decompressed(bomb, 2_999_999))()).rejects.toMatchObject({
      name: 'RecordBatchTooLargeException',
      message: expect.stringContaining('larger than 2999999 bytes'),
    });
  });

  test('finds a cut anywhere', async () => {
    const bytes = compressed(Buffer.from('a value, another value and a third value '.repeat(20)));
    for (let end = 0; end < bytes.length; end++) {
      const cut = bytes.subarray(0, end);
      // A stream of no blocks at all is a whole stream; some frame formats take no bytes for no frames.
      const allowed = await (async () => decompressed(cut))().catch((error: Error) => error);
      if (allowed instanceof Error) expect(allowed.name).toBe('CorruptRecordException');
      else expect(allowed.length).toBe(0);
    }
  });

  test('survives any changed bytes', async () => {
    const whole = compressed(Buffer.from('key value key value 0123456789 '.repeat(100)));
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of list) bytes[at] = value;
        const result = await (async () => decompressed(bytes, 100_000))().catch((error: Error) => error);
        if (result instanceof Error) {
          expect(['CorruptRecordException', 'RecordBatchTooLargeException']).toContain(result.name);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('snappy', () => {
  test('is also read as one raw block, as some clients send it', () => {
    const bytes = Buffer.from('hello hello hello hello hello hello '.repeat(5000));
    expect(decompress('snappy', Buffer.from(snappyjs.compress(bytes))).equals(bytes)).toBe(true);
  });
  test('allocates nothing for a length that its bytes cannot hold', () => {
    const lie = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0x61]);
    expect(() => decompress('snappy', lie)).toThrow("can't hold 4294967295");
  });
  test('reads streams that were joined', () => {
    const joined = Buffer.concat([compress('snappy', Buffer.from('one')), compress('snappy', Buffer.from('two'))]);
    expect(decompress('snappy', joined).toString()).toBe('onetwo');
  });
});

describe('gzip', () => {
  test('reads members that were joined', () => {
    expect(decompress('gzip', Buffer.concat([gzipSync('one'), gzipSync('two')])).toString()).toBe('onetwo');
  });
});

describe('lz4', () => {
  // Made with lz4 1.9.4 (the command line tool): what other clients may send.
  test.each([
    [
      'content size, block and content checksums',
      'BCJNGHxAGAEAAAAAAADIEQAAAH9ydW5uZWwgBwD5UG5uZWwgtk0dswAAAAA0zz70',
      'runnel '.repeat(40),
    ],
    ['linked blocks', LINKED_BLOCKS, '0123456789abcdef'.repeat(8192)],
  ])('reads %s', (_, frame, text) => {
    const bytes = Buffer.from(frame, 'base64');
    expect(decompress('lz4', bytes).toString() === text).toBe(true);
    const changed = Buffer.from(bytes);
    changed[bytes.length - 1]! ^= 1;
    expect(() => decompress('lz4', changed)).toThrow('the content fails its checksum');
  });

  test('notices a wrong header checksum', () => {
    const frame = Buffer.from(compress('lz4', Buffer.from('text')));
    frame[6]! ^= 1;
    expect(() => decompress('lz4', frame)).toThrow('header fails its checksum');
  });
});

describe.each([
  ['Node', (data: Buffer, limit: number) => decompress('zstd', data, limit)],
  ['WebAssembly', decompressByWasm],
] as const)('zstd by %s', (_, decompressed) => {
  // Made with zstd 1.5.4 (the command line tool).
  test('reads frames that were joined, with and without a content size', () => {
    const whole = Buffer.from(
      'KLUv/WAYAHUAADhydW5uZWwgAQAOUosRKLUv/aQAAAIAxQAAgDAxMjM0NTY3ODlhYmNkZWYBANr/J59LqlP92A==',
      'base64',
    );
    const streamed = Buffer.from('KLUv/QRYdQAAOHJ1bm5lbCABAA5SixHpSG41', 'base64');
    const text = 'runnel '.repeat(40);
    const bytes = decompressed(Buffer.concat([whole, streamed]), 1_000_000);
    expect(bytes.toString() === text + '0123456789abcdef'.repeat(8192) + text).toBe(true);
    expect(() => decompressed(Buffer.concat([whole, streamed]), 131_000)).toThrow('larger than 131000 bytes');
  });
});

test('a zstd frame that claims 2^60 bytes gets none', () => {
  const frame = compressByWasm(Buffer.alloc(1_000_000));
  // Descriptor: a content size of 8 bytes instead of 4.
  const lie = Buffer.concat([frame.subarray(0, 4), Buffer.from([0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10]), frame.subarray(9)]);
  expect(() => decompressByWasm(lie, MAX_UNCOMPRESSED_BYTES)).toThrow(
    /claims 1152921504606847000 bytes, its blocks hold 1000000/,
  );
});
