import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int8, int16, int32, int64, records, string, struct, uuid } from '../schema/fields.ts';

/** Record batches out of partitions; waits until there are `minBytes` or `maxWaitMs` are over. */
export const fetch = api({
  key: 1,
  name: 'Fetch',
  versions: '4-18',
  flexible: '12+',
  request: {
    clusterId: string('12+', { nullable: '0+', default: null, tag: 0 }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct(
      '15+',
      {
        replicaId: int32('0+', { default: -1 }),
        replicaEpoch: int64('0+', { default: -1n }),
      },
      { tag: 1 },
    ),
    maxWaitMs: int32('0+'),
    minBytes: int32('0+'),
    maxBytes: int32('0+', { default: 0x7fff_ffff }),
    isolationLevel: int8('0+', { default: 0 }),
    sessionId: int32('7+', { default: 0 }),
    sessionEpoch: int32('7+', { default: -1 }),
    topics: array('0+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', {
        partition: int32('0+'),
        currentLeaderEpoch: int32('9+', { default: -1 }),
        fetchOffset: int64('0+'),
        lastFetchedEpoch: int32('12+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1n }),
        partitionMaxBytes: int32('0+'),
        replicaDirectoryId: uuid('17+', { tag: 0 }),
        highWatermark: int64('18+', { default: 0x7fff_ffff_ffff_ffffn, tag: 1 }),
      }),
    }),
    forgottenTopicsData: array('7+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', 'int32'),
    }),
    rackId: string('11+', { default: '' }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('7+'),
    sessionId: int32('7+', { default: 0 }),
    responses: array('0+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        highWatermark: int64('0+'),
        lastStableOffset: int64('0+', { default: -1n }),
        logStartOffset: int64('5+', { default: -1n }),
        divergingEpoch: struct(
          '12+',
          {
            epoch: int32('0+', { default: -1 }),
            endOffset: int64('0+', { default: -1n }),
          },
          { tag: 0 },
        ),
        currentLeader: struct(
          '12+',
          {
            leaderId: int32('0+', { default: -1 }),
            leaderEpoch: int32('0+', { default: -1 }),
          },
          { tag: 1 },
        ),
        snapshotId: struct(
          '12+',
          {
            endOffset: int64('0+', { default: -1n }),
            epoch: int32('0+', { default: -1 }),
          },
          { tag: 2 },
        ),
        abortedTransactions: array(
          '0+',
          {
            producerId: int64('0+'),
            firstOffset: int64('0+'),
          },
          { nullable: '0+' },
        ),
        preferredReadReplica: int32('11+', { default: -1 }),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
    nodeEndpoints: array(
      '16+',
      {
        nodeId: int32('0+'),
        host: string('0+'),
        port: int32('0+'),
        rack: string('0+', { nullable: '0+', default: null }),
      },
      { tag: 0 },
    ),
  },
  notes: {
    4: 'isolation level, aborted transactions (KIP-98)',
    5: 'log start offset (KIP-107)',
    7: 'sessions (KIP-227)',
    9: 'the leader epoch that the client knows (KIP-320)',
    10: 'zstd (KIP-110)',
    11: 'rack, preferred replica (KIP-392)',
    12: 'flexible; diverging epochs (KIP-595)',
    13: 'topic ids instead of names (KIP-516)',
    15: 'replica id moves into a tagged struct (KIP-903)',
    16: 'node endpoints (KIP-951)',
    17: 'directory ids (KIP-853)',
    18: 'high watermark of a replica (KIP-1166)',
  },
});

export type FetchRequest = RequestOf<typeof fetch>;
export type FetchResponse = ResponseOf<typeof fetch>;
export type FetchResponseInput = ResponseInput<typeof fetch>;
