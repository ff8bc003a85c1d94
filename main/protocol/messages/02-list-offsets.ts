import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int8, int16, int32, int64, string } from '../schema/fields.ts';

/**
 * Offset by timestamp: -1 the end, -2 the beginning, -3 the record with the largest timestamp, -4 the local start,
 * -5 the last tiered, -6 the earliest pending upload.
 */
export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  versions: '1-11',
  flexible: '6+',
  request: {
    replicaId: int32('0+'),
    isolationLevel: int8('2+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        currentLeaderEpoch: int32('4+', { default: -1 }),
        timestamp: int64('0+'),
      }),
    }),
    timeoutMs: int32('10+'),
  },
  response: {
    throttleTimeMs: int32('2+', { default: 0 }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        timestamp: int64('0+', { default: -1n }),
        offset: int64('0+', { default: -1n }),
        leaderEpoch: int32('4+', { default: -1 }),
      }),
    }),
  },
  notes: {
    1: 'one offset a partition with its timestamp',
    2: 'isolation level',
    4: 'leader epoch',
    6: 'flexible',
    7: 'timestamp -3 (KIP-734)',
    8: 'timestamp -4 (KIP-405)',
    9: 'timestamp -5 (KIP-1005)',
    10: 'time-out for remote storage (KIP-1075)',
    11: 'timestamp -6 (KIP-1023)',
  },
});

export type ListOffsetsRequest = RequestOf<typeof listOffsets>;
export type ListOffsetsResponse = ResponseOf<typeof listOffsets>;
export type ListOffsetsResponseInput = ResponseInput<typeof listOffsets>;
