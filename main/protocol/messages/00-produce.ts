import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int16, int32, int64, records, string, struct, uuid } from '../schema/fields.ts';

/**
 * Record batches into partitions. Versions 0 to 2 are announced and refused: librdkafka before 2.11.1 takes a minimum of
 * 3 for a broker without compression (KAFKA-18659).
 */
export const produce = api({
  key: 0,
  name: 'Produce',
  versions: '3-13',
  announced: '0-13',
  flexible: '9+',
  request: {
    transactionalId: string('0+', { nullable: '0+', default: null }),
    acks: int16('0+'),
    timeoutMs: int32('0+'),
    topicData: array('0+', {
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionData: array('0+', {
        index: int32('0+'),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    responses: array('0+', {
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionResponses: array('0+', {
        index: int32('0+'),
        errorCode: int16('0+'),
        baseOffset: int64('0+'),
        logAppendTimeMs: int64('0+', { default: -1n }),
        logStartOffset: int64('5+', { default: -1n }),
        recordErrors: array('8+', {
          batchIndex: int32('0+'),
          batchIndexErrorMessage: string('0+', { nullable: '0+', default: null }),
        }),
        errorMessage: string('8+', { nullable: '0+', default: null }),
        currentLeader: struct(
          '10+',
          {
            leaderId: int32('0+', { default: -1 }),
            leaderEpoch: int32('0+', { default: -1 }),
          },
          { tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32('0+', { default: 0 }),
    nodeEndpoints: array(
      '10+',
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
    3: 'transactional id and magic 2 batches (KIP-98)',
    5: 'log start offset',
    7: 'zstd (KIP-110)',
    8: 'errors of single records (KIP-467)',
    9: 'flexible',
    10: 'the current leader in an answer (KIP-951)',
    11: 'TRANSACTION_ABORTABLE (KIP-890)',
    12: 'adds partitions to the transaction by itself when transaction.version is 2 (KIP-890)',
    13: 'topic ids instead of names (KIP-516)',
  },
});

export type ProduceRequest = RequestOf<typeof produce>;
export type ProduceResponse = ResponseOf<typeof produce>;
export type ProduceResponseInput = ResponseInput<typeof produce>;
