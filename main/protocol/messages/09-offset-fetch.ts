import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int16, int32, int64, string, uuid } from '../schema/fields.ts';

/** Committed offsets of a group. Null topics: all of them. */
export const offsetFetch = api({
  key: 9,
  name: 'OffsetFetch',
  versions: '1-10',
  flexible: '6+',
  request: {
    groupId: string('0-7'),
    topics: array(
      '0-7',
      {
        name: string('0+'),
        partitionIndexes: array('0+', 'int32'),
      },
      { nullable: '2+' },
    ),
    groups: array('8+', {
      groupId: string('0+'),
      memberId: string('9+', { nullable: '0+', default: null }),
      memberEpoch: int32('9+', { default: -1 }),
      topics: array(
        '0+',
        {
          name: string('0-9'),
          topicId: uuid('10+'),
          partitionIndexes: array('0+', 'int32'),
        },
        { nullable: '0+' },
      ),
    }),
    requireStable: bool('7+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('3+', { default: 0 }),
    topics: array('0-7', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64('0+'),
        committedLeaderEpoch: int32('5+', { default: -1 }),
        metadata: string('0+', { nullable: '0+' }),
        errorCode: int16('0+'),
      }),
    }),
    errorCode: int16('2-7', { default: 0 }),
    groups: array('8+', {
      groupId: string('0+'),
      topics: array('0+', {
        name: string('0-9'),
        topicId: uuid('10+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          committedOffset: int64('0+'),
          committedLeaderEpoch: int32('0+', { default: -1 }),
          metadata: string('0+', { nullable: '0+' }),
          errorCode: int16('0+'),
        }),
      }),
      errorCode: int16('0+', { default: 0 }),
    }),
  },
  notes: {
    1: 'offsets live in Kafka',
    2: 'null topics; error of the whole response',
    3: 'throttle time',
    5: 'leader epoch (KIP-320)',
    6: 'flexible',
    7: 'waits for pending transactions when stable offsets are asked for (KIP-447)',
    8: 'several groups at once (KIP-709)',
    9: 'member id and epoch (KIP-848)',
    10: 'topic ids instead of names (KIP-848)',
  },
});

export type OffsetFetchRequest = RequestOf<typeof offsetFetch>;
export type OffsetFetchResponse = ResponseOf<typeof offsetFetch>;
export type OffsetFetchResponseInput = ResponseInput<typeof offsetFetch>;
