import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, bytes, int16, int32, string } from '../schema/fields.ts';

/** Classic groups with members. */
export const describeGroups = api({
  key: 15,
  name: 'DescribeGroups',
  versions: '0-6',
  flexible: '5+',
  request: {
    groups: array('0+', 'string'),
    includeAuthorizedOperations: bool('3+'),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    groups: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('6+', { nullable: '0+', default: null }),
      groupId: string('0+'),
      groupState: string('0+'),
      protocolType: string('0+'),
      protocolData: string('0+'),
      members: array('0+', {
        memberId: string('0+'),
        groupInstanceId: string('4+', { nullable: '0+', default: null }),
        clientId: string('0+'),
        clientHost: string('0+'),
        memberMetadata: bytes('0+'),
        memberAssignment: bytes('0+'),
      }),
      authorizedOperations: int32('3+', { default: -0x8000_0000 }),
    }),
  },
  notes: {
    1: 'throttle time',
    3: 'authorized operations (KIP-430)',
    4: 'static members (KIP-345)',
    5: 'flexible',
    6: 'GROUP_ID_NOT_FOUND with a message for groups that do not exist (KIP-1043)',
  },
});

export type DescribeGroupsRequest = RequestOf<typeof describeGroups>;
export type DescribeGroupsResponse = ResponseOf<typeof describeGroups>;
export type DescribeGroupsResponseInput = ResponseInput<typeof describeGroups>;
