import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int16, int32, int64, string } from '../schema/fields.ts';

/** Sizes of partitions on disk. Null topics: all. */
export const describeLogDirs = api({
  key: 35,
  name: 'DescribeLogDirs',
  versions: '1-5',
  flexible: '2+',
  request: {
    topics: array(
      '0+',
      {
        topic: string('0+'),
        partitions: array('0+', 'int32'),
      },
      { nullable: '0+' },
    ),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('3+'),
    results: array('0+', {
      errorCode: int16('0+'),
      logDir: string('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          partitionSize: int64('0+'),
          offsetLag: int64('0+'),
          isFutureKey: bool('0+'),
        }),
      }),
      totalBytes: int64('4+', { default: -1n }),
      usableBytes: int64('4+', { default: -1n }),
      isCordoned: bool('5+', { default: false }),
    }),
  },
  notes: {
    2: 'flexible',
    3: 'error of the whole response',
    4: 'size of the volume (KIP-827)',
    5: 'cordoned directories (KIP-1066)',
  },
});

export type DescribeLogDirsRequest = RequestOf<typeof describeLogDirs>;
export type DescribeLogDirsResponse = ResponseOf<typeof describeLogDirs>;
export type DescribeLogDirsResponseInput = ResponseInput<typeof describeLogDirs>;
