import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { int16, int32, int64, string } from '../schema/fields.ts';

export const addOffsetsToTxn = api({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: '0-4',
  flexible: '3+',
  request: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    groupId: string('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
  },
  notes: {
    3: 'flexible',
    4: 'TRANSACTION_ABORTABLE (KIP-890)',
  },
});

export type AddOffsetsToTxnRequest = RequestOf<typeof addOffsetsToTxn>;
export type AddOffsetsToTxnResponse = ResponseOf<typeof addOffsetsToTxn>;
export type AddOffsetsToTxnResponseInput = ResponseInput<typeof addOffsetsToTxn>;
