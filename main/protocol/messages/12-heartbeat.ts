import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { int16, int32, string } from '../schema/fields.ts';

export const heartbeat = api({
  key: 12,
  name: 'Heartbeat',
  versions: '0-4',
  flexible: '4+',
  request: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
  },
  notes: {
    1: 'throttle time',
    3: 'static members (KIP-345)',
    4: 'flexible',
  },
});

export type HeartbeatRequest = RequestOf<typeof heartbeat>;
export type HeartbeatResponse = ResponseOf<typeof heartbeat>;
export type HeartbeatResponseInput = ResponseInput<typeof heartbeat>;
