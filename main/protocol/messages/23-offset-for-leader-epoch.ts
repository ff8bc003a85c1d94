import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int16, int32, int64, string } from '../schema/fields.ts';

/** Where a leader epoch ended (KIP-101): clients find truncation by it. */
export const offsetForLeaderEpoch = api({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: '2-4',
  flexible: '4+',
  request: {
    replicaId: int32('3+', { default: -2 }),
    topics: array('0+', {
      topic: string('0+'),
      partitions: array('0+', {
        partition: int32('0+'),
        currentLeaderEpoch: int32('0+', { default: -1 }),
        leaderEpoch: int32('0+'),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: array('0+', {
      topic: string('0+'),
      partitions: array('0+', {
        errorCode: int16('0+'),
        partition: int32('0+'),
        leaderEpoch: int32('0+', { default: -1 }),
        endOffset: int64('0+', { default: -1n }),
      }),
    }),
  },
  notes: {
    2: 'leader epoch of the client, throttle time',
    3: 'replica id',
    4: 'flexible',
  },
});

export type OffsetForLeaderEpochRequest = RequestOf<typeof offsetForLeaderEpoch>;
export type OffsetForLeaderEpochResponse = ResponseOf<typeof offsetForLeaderEpoch>;
export type OffsetForLeaderEpochResponseInput = ResponseInput<typeof offsetForLeaderEpoch>;
