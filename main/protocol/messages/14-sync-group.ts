import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bytes, int16, int32, string } from '../schema/fields.ts';

/** Classic groups: the leader hands out the assignment, every member gets its part. */
export const syncGroup = api({
  key: 14,
  name: 'SyncGroup',
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
    protocolType: string('5+', { nullable: '0+', default: null }),
    protocolName: string('5+', { nullable: '0+', default: null }),
    assignments: array('0+', {
      memberId: string('0+'),
      assignment: bytes('0+'),
    }),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    protocolType: string('5+', { nullable: '0+', default: null }),
    protocolName: string('5+', { nullable: '0+', default: null }),
    assignment: bytes('0+'),
  },
  notes: {
    1: 'throttle time',
    3: 'static members (KIP-345)',
    4: 'flexible',
    5: 'protocol type and name are checked (KIP-559)',
  },
});

export type SyncGroupRequest = RequestOf<typeof syncGroup>;
export type SyncGroupResponse = ResponseOf<typeof syncGroup>;
export type SyncGroupResponseInput = ResponseInput<typeof syncGroup>;
