import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int16, int32, int64, string, uuid } from '../schema/fields.ts';

/** Offsets of a group. The generation is -1 for a commit from outside; KIP-848 members put their epoch there. */
export const offsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  versions: '2-10',
  flexible: '8+',
  request: {
    groupId: string('0+'),
    generationIdOrMemberEpoch: int32('0+', { default: -1 }),
    memberId: string('0+'),
    groupInstanceId: string('7+', { nullable: '0+', default: null }),
    retentionTimeMs: int64('0-4', { default: -1n }),
    topics: array('0+', {
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64('0+'),
        committedLeaderEpoch: int32('6+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('3+', { default: 0 }),
    topics: array('0+', {
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
      }),
    }),
  },
  notes: {
    2: 'retention time',
    3: 'throttle time',
    5: 'retention time is gone',
    6: 'leader epoch (KIP-320)',
    7: 'static members (KIP-345)',
    8: 'flexible',
    9: 'member epochs of KIP-848 and its errors',
    10: 'topic ids instead of names (KIP-848)',
  },
});

export type OffsetCommitRequest = RequestOf<typeof offsetCommit>;
export type OffsetCommitResponse = ResponseOf<typeof offsetCommit>;
export type OffsetCommitResponseInput = ResponseInput<typeof offsetCommit>;
