import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int16, int32, string, uuid } from '../schema/fields.ts';

/** Brokers, topics and partition leaders. Null topics: all of them. */
export const metadata = api({
  key: 3,
  name: 'Metadata',
  versions: '0-13',
  flexible: '9+',
  request: {
    topics: array(
      '0+',
      {
        topicId: uuid('10+'),
        name: string('0+', { nullable: '10+' }),
      },
      { nullable: '1+' },
    ),
    allowAutoTopicCreation: bool('4+', { default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  },
  response: {
    throttleTimeMs: int32('3+', { default: 0 }),
    brokers: array('0+', {
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('1+', { nullable: '0+', default: null }),
    }),
    clusterId: string('2+', { nullable: '0+', default: null }),
    controllerId: int32('1+', { default: -1 }),
    topics: array('0+', {
      errorCode: int16('0+'),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+'),
      isInternal: bool('1+', { default: false }),
      partitions: array('0+', {
        errorCode: int16('0+'),
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('7+', { default: -1 }),
        replicaNodes: array('0+', 'int32'),
        isrNodes: array('0+', 'int32'),
        offlineReplicas: array('5+', 'int32'),
      }),
      topicAuthorizedOperations: int32('8+', { default: -0x8000_0000 }),
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -0x8000_0000 }),
    errorCode: int16('13+'),
  },
  notes: {
    1: 'rack, controller, internal topics; empty topics are none instead of all',
    2: 'cluster id',
    3: 'throttle time',
    4: 'the client says whether topics may be created',
    5: 'offline replicas',
    7: 'leader epochs (KIP-320)',
    8: 'authorized operations (KIP-430)',
    10: 'topic ids (KIP-516), usable from 12 on',
    11: 'cluster operations moved to DescribeCluster (KIP-700)',
    12: 'topics by id',
    13: 'error of the whole response',
  },
});

export type MetadataRequest = RequestOf<typeof metadata>;
export type MetadataResponse = ResponseOf<typeof metadata>;
export type MetadataResponseInput = ResponseInput<typeof metadata>;
