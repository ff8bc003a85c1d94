import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  controlRecordType,
  coordinatorEpochOf,
  encodeEndTransactionMarker,
} from '../../../../main/protocol/records/control-records.ts';
import {
  groupMetadataKey,
  offsetCommitKey,
  offsetCommitValue,
} from '../../../../main/protocol/records/coordinator-records.ts';
import { RecordBatch } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';
import { messageArbitrary } from '../../../kit/message-arbitrary.ts';
import { NESTED_MESSAGES } from '../../../kit/nested-messages.ts';

describe.each(NESTED_MESSAGES)('%s', (_, __, message) => {
  test('comes back with its version', () => {
    for (let version = message.versions.min; version <= message.versions.max; version++) {
      fc.assert(
        fc.property(messageArbitrary(message.fields, version), (value) => {
          const decoded = message.decodeVersioned(message.encodeVersioned(version, value as never));
          expect(decoded.version).toBe(version);
          expect(decoded.value).toMatchObject(value);
        }),
        { numRuns: 20 },
      );
    }
  });
});

test('the number in front of a key says what the record is', () => {
  const key = offsetCommitKey.encodeVersioned(1, { group: 'g', topic: 't', partition: 2 });
  expect(key.toString('hex')).toBe('0001' + '000167' + '000174' + '00000002');
  expect(groupMetadataKey.encodeVersioned(2, { group: 'g' }).toString('hex')).toBe('0002' + '000167');
  expect(() => groupMetadataKey.decodeVersioned(key)).toThrow('GroupMetadataKey has no version 1');
});

test('a committed offset of version 3 is as Kafka writes it', () => {
  const value = offsetCommitValue.encodeVersioned(3, { offset: 5n, leaderEpoch: 7, metadata: '', commitTimestamp: 1n });
  expect(value.toString('hex')).toBe('0003' + '0000000000000005' + '00000007' + '0000' + '0000000000000001');
});

test.each(['COMMIT', 'ABORT'] as const)('a transaction marker says %s', (type) => {
  const marker = { type, producerId: 2n ** 40n, producerEpoch: 3, coordinatorEpoch: 11, timestamp: 5n, baseOffset: 9n };
  const batch = new RecordBatch(encodeEndTransactionMarker(marker));
  batch.ensureValid();
  expect([batch.isControlBatch, batch.isTransactional, batch.producerId, batch.baseSequence]).toEqual([
    true,
    true,
    2n ** 40n,
    -1,
  ]);
  const [record] = decodeRecords(batch);
  expect([controlRecordType(record!.key), coordinatorEpochOf(record!.value)]).toEqual([type, 11]);
});
