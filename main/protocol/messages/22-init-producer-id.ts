import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { int16, int32, int64, string } from '../schema/fields.ts';

/** A producer id and epoch, for idempotence and transactions. */
export const initProducerId = api({
  key: 22,
  name: 'InitProducerId',
  versions: '0-5',
  flexible: '2+',
  request: {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32('0+'),
    producerId: int64('3+', { default: -1n }),
    producerEpoch: int16('3+', { default: -1 }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    producerId: int64('0+', { default: -1n }),
    producerEpoch: int16('0+'),
  },
  notes: {
    2: 'flexible',
    3: 'an epoch can be bumped after an error (KIP-360)',
    4: 'PRODUCER_FENCED',
    5: 'TRANSACTION_ABORTABLE (KIP-890)',
  },
});

export type InitProducerIdRequest = RequestOf<typeof initProducerId>;
export type InitProducerIdResponse = ResponseOf<typeof initProducerId>;
export type InitProducerIdResponseInput = ResponseInput<typeof initProducerId>;
