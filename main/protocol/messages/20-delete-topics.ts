import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int16, int32, string, uuid } from '../schema/fields.ts';

export const deleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  versions: '1-6',
  flexible: '4+',
  request: {
    topics: array('6+', {
      name: string('0+', { nullable: '0+', default: null }),
      topicId: uuid('0+'),
    }),
    topicNames: array('0-5', 'string'),
    timeoutMs: int32('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    responses: array('0+', {
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+'),
      errorCode: int16('0+'),
      errorMessage: string('5+', { nullable: '0+', default: null }),
    }),
  },
  notes: {
    1: 'throttle time',
    3: 'TOPIC_DELETION_DISABLED',
    4: 'flexible',
    5: 'error message',
    6: 'topics by id (KIP-516)',
  },
});

export type DeleteTopicsRequest = RequestOf<typeof deleteTopics>;
export type DeleteTopicsResponse = ResponseOf<typeof deleteTopics>;
export type DeleteTopicsResponseInput = ResponseInput<typeof deleteTopics>;
