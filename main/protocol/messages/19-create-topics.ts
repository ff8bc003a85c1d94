import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int8, int16, int32, string, uuid } from '../schema/fields.ts';

/** -1 partitions or replicas: the broker's default. Manual assignments want -1 in both. */
export const createTopics = api({
  key: 19,
  name: 'CreateTopics',
  versions: '2-7',
  flexible: '5+',
  request: {
    topics: array('0+', {
      name: string('0+'),
      numPartitions: int32('0+'),
      replicationFactor: int16('0+'),
      assignments: array('0+', {
        partitionIndex: int32('0+'),
        brokerIds: array('0+', 'int32'),
      }),
      configs: array('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: bool('0+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: array('0+', {
      name: string('0+'),
      topicId: uuid('7+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      topicConfigErrorCode: int16('5+', { tag: 0 }),
      numPartitions: int32('5+', { default: -1 }),
      replicationFactor: int16('5+', { default: -1 }),
      configs: array(
        '5+',
        {
          name: string('0+'),
          value: string('0+', { nullable: '0+' }),
          readOnly: bool('0+'),
          configSource: int8('0+', { default: -1 }),
          isSensitive: bool('0+'),
        },
        { nullable: '0+' },
      ),
    }),
  },
  notes: {
    4: 'defaults by -1 (KIP-464)',
    5: 'flexible; what was created comes back (KIP-525)',
    7: 'topic ids (KIP-516)',
  },
});

export type CreateTopicsRequest = RequestOf<typeof createTopics>;
export type CreateTopicsResponse = ResponseOf<typeof createTopics>;
export type CreateTopicsResponseInput = ResponseInput<typeof createTopics>;
