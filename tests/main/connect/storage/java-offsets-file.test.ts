import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KafkaException } from '../../../../common/errors.ts';
import { parseJavaOffsets } from '../../../../main/connect/storage/java-offsets-file.ts';
import { OFFSETS_FILES } from '../../../kit/worker-oracle/cases.ts';
import { recordedOk } from '../../../kit/worker-oracle/oracle.ts';

const file = (name: keyof typeof OFFSETS_FILES) => Buffer.from(recordedOk<string>(OFFSETS_FILES[name]), 'base64');
const parse = (bytes: Buffer) => parseJavaOffsets('/x/offsets', bytes);
const refusal = (bytes: Buffer): KafkaException => {
  try {
    parse(bytes);
  } catch (error) {
    return error as KafkaException;
  }
  throw new Error('It was read');
};

describe('what Java wrote is read', () => {
  test('offsets with every digit and type, and what was reset is counted', () => {
    const { offsets, reset, foreign } = parse(file('several connectors, one reset'));
    expect(offsets).toHaveLength(3);
    expect(offsets).toEqual(
      expect.arrayContaining([
        { connector: 'src', partition: { filename: '/tmp/in.txt' }, offset: { position: 9223372036854775807n } },
        {
          connector: 'jdbc ü',
          partition: { protocol: '1', table: 'a.b' },
          offset: { incrementing: 968476484095610881n, ts: 1.5, snapshot: true, x: null },
        },
        {
          connector: 'MirrorSourceConnector',
          partition: { cluster: 'a', partition: 0n, topic: 't' },
          offset: { offset: 7n },
        },
      ]),
    );
    expect({ reset, foreign }).toEqual({ reset: 1, foreign: [] });
  });

  test('nothing', () => {
    expect(parse(file('nothing'))).toEqual({ offsets: [], reset: 0, foreign: [] });
  });

  test('keys that name no connector and partition are left out and told, as in Connect', () => {
    const { offsets, foreign } = parse(file('keys that are of nobody'));
    expect(offsets).toEqual([{ connector: 'a', partition: { p: 1n }, offset: { position: 1n } }]);
    expect(foreign.sort()).toEqual(['["a",null]', '["a"]', 'null', '{"a":1}']);
  });
});

describe('a file that is damaged is an error that names it and the byte, never one without offsets', () => {
  test('cut at any byte', () => {
    const whole = file('several connectors, one reset');
    for (let length = 0; length < whole.length; length++) {
      const error = refusal(whole.subarray(0, length));
      expect(error).toMatchObject({ code: 'DATA_UNREADABLE', key: '/x/offsets' });
      expect(error.message).toMatch(/^\/x\/offsets can't be read as Kafka Connect's offsets: at byte \d+, /);
    }
  });

  test.each([
    ['', 'at byte 0, it is empty'],
    ['{"position":6}', 'at byte 0, it does not begin as what Java serialises'],
    ['SQLite format 3\0', 'at byte 0, it does not begin as what Java serialises'],
  ])('%j', (text, message) => {
    expect(refusal(Buffer.from(text)).message).toContain(message);
  });

  test('with something behind it', () => {
    const whole = file('one connector');
    expect(refusal(Buffer.concat([whole, Buffer.from('x')])).message).toContain(`at byte ${whole.length}, something`);
  });

  test('of another class', () => {
    const other = Buffer.from(
      file('one connector').toString('latin1').replace('java.util.HashMap', 'java.util.TreeMap'),
      'latin1',
    );
    expect(refusal(other).message).toContain('at byte 6, there should be the class java.util.HashMap');
  });

  test('that claims more than it has', () => {
    const claims = Buffer.from(file('nothing'));
    claims.writeInt32BE(0x7fffffff, claims.length - 5);
    expect(refusal(claims).message).toContain('it claims 2147483647 entries');
    const long = Buffer.from(file('one connector'));
    long.writeInt32BE(0x7fffffff, long.indexOf('["src"') - 4);
    expect(refusal(long).message).toContain('it claims 2147483647 bytes');
  });

  test('whatever bytes are in it: an error of ours or offsets, at once', () => {
    const whole = file('several connectors, one reset');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of changes) bytes[at] = byte;
          try {
            expect(parse(bytes).offsets.length).toBeLessThanOrEqual(4);
          } catch (error) {
            expect(error).toBeInstanceOf(KafkaException);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
