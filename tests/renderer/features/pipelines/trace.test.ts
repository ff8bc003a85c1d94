import { describe, expect, test } from 'vitest';
import { plainReason } from '../../../../renderer/features/pipelines/trace.ts';

describe('plainReason', () => {
  test('is the message of the innermost cause', () => {
    expect(
      plainReason(
        'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n\tat a (b.ts:1)\n' +
          'Caused by: org.apache.kafka.connect.errors.DataException: Field does not exist: id\n\tat c (d.ts:2)',
      ),
    ).toBe('Field does not exist: id');
  });

  test('is the first line when there is no cause or no message', () => {
    expect(plainReason('java.lang.NullPointerException\n\tat a')).toBe('java.lang.NullPointerException');
    expect(plainReason('')).toBe('There is no trace');
  });
});
