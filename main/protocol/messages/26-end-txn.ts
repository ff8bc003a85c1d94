import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { bool, int16, int32, int64, string } from '../schema/fields.ts';

export const endTxn = api({
  key: 26,
  name: 'EndTxn',
  versions: '0-5',
  flexible: '3+',
  request: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    committed: bool('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    producerId: int64('5+', { default: -1n }),
    producerEpoch: int16('5+', { default: -1 }),
  },
  notes: {
    3: 'flexible',
    4: 'TRANSACTION_ABORTABLE (KIP-890)',
    5: 'the epoch is bumped with every end when transaction.version is 2 (KIP-890)',
  },
});

export type EndTxnRequest = RequestOf<typeof endTxn>;
export type EndTxnResponse = ResponseOf<typeof endTxn>;
export type EndTxnResponseInput = ResponseInput<typeof endTxn>;
