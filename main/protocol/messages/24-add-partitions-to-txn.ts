import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int16, int32, int64, string } from '../schema/fields.ts';

/** From version 4 on meant for brokers and batched; some clients use it when it is offered. */
export const addPartitionsToTxn = api({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: '0-5',
  flexible: '3+',
  request: {
    transactions: array('4+', {
      transactionalId: string('0+'),
      producerId: int64('0+'),
      producerEpoch: int16('0+'),
      verifyOnly: bool('0+', { default: false }),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', 'int32'),
      }),
    }),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: array('0-3', {
      name: string('0+'),
      partitions: array('0+', 'int32'),
    }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('4+'),
    resultsByTransaction: array('4+', {
      transactionalId: string('0+'),
      topicResults: array('0+', {
        name: string('0+'),
        resultsByPartition: array('0+', {
          partitionIndex: int32('0+'),
          partitionErrorCode: int16('0+'),
        }),
      }),
    }),
    resultsByTopicV3AndBelow: array('0-3', {
      name: string('0+'),
      resultsByPartition: array('0+', {
        partitionIndex: int32('0+'),
        partitionErrorCode: int16('0+'),
      }),
    }),
  },
  notes: {
    3: 'flexible',
    4: 'several transactions, verification only (KIP-890)',
    5: 'TRANSACTION_ABORTABLE (KIP-890)',
  },
});

export type AddPartitionsToTxnRequest = RequestOf<typeof addPartitionsToTxn>;
export type AddPartitionsToTxnResponse = ResponseOf<typeof addPartitionsToTxn>;
export type AddPartitionsToTxnResponseInput = ResponseInput<typeof addPartitionsToTxn>;
