import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int16, int32, string } from '../schema/fields.ts';

export const listGroups = api({
  key: 16,
  name: 'ListGroups',
  versions: '0-5',
  flexible: '3+',
  request: {
    statesFilter: array('4+', 'string'),
    typesFilter: array('5+', 'string'),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    groups: array('0+', {
      groupId: string('0+'),
      protocolType: string('0+'),
      groupState: string('4+'),
      groupType: string('5+'),
    }),
  },
  notes: {
    1: 'throttle time',
    3: 'flexible',
    4: 'filter by state (KIP-518)',
    5: 'filter by type (KIP-848)',
  },
});

export type ListGroupsRequest = RequestOf<typeof listGroups>;
export type ListGroupsResponse = ResponseOf<typeof listGroups>;
export type ListGroupsResponseInput = ResponseInput<typeof listGroups>;
