import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, bytes, int16, int32, string } from '../schema/fields.ts';

/** Classic groups: a member joins and the answer waits for the others. */
export const joinGroup = api({
  key: 11,
  name: 'JoinGroup',
  versions: '0-9',
  flexible: '6+',
  request: {
    groupId: string('0+'),
    sessionTimeoutMs: int32('0+'),
    rebalanceTimeoutMs: int32('1+', { default: -1 }),
    memberId: string('0+'),
    groupInstanceId: string('5+', { nullable: '0+', default: null }),
    protocolType: string('0+'),
    protocols: array('0+', {
      name: string('0+'),
      metadata: bytes('0+'),
    }),
    reason: string('8+', { nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32('2+', { default: 0 }),
    errorCode: int16('0+'),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', { nullable: '0+', default: null }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string('0+'),
    skipAssignment: bool('9+', { default: false }),
    memberId: string('0+'),
    members: array('0+', {
      memberId: string('0+'),
      groupInstanceId: string('5+', { nullable: '0+', default: null }),
      metadata: bytes('0+'),
    }),
  },
  notes: {
    1: 'rebalance time-out apart from the session time-out (KIP-62)',
    2: 'throttle time',
    4: 'a new member gets its id first and joins again (KIP-394)',
    5: 'static members (KIP-345)',
    6: 'flexible',
    7: 'protocol type in the answer (KIP-559)',
    8: 'reason (KIP-800)',
    9: 'the leader may skip the assignment (KIP-814)',
  },
});

export type JoinGroupRequest = RequestOf<typeof joinGroup>;
export type JoinGroupResponse = ResponseOf<typeof joinGroup>;
export type JoinGroupResponseInput = ResponseInput<typeof joinGroup>;
