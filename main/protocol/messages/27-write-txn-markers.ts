import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, bool, int8, int16, int32, int64, string } from '../schema/fields.ts';

/** Between brokers; `Admin.abortTransaction` sends it too (KIP-664). */
export const writeTxnMarkers = api({
  key: 27,
  name: 'WriteTxnMarkers',
  versions: '1-2',
  flexible: '1+',
  request: {
    markers: array('0+', {
      producerId: int64('0+'),
      producerEpoch: int16('0+'),
      transactionResult: bool('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitionIndexes: array('0+', 'int32'),
      }),
      coordinatorEpoch: int32('0+'),
      transactionVersion: int8('2+', { default: 0 }),
    }),
  },
  response: {
    markers: array('0+', {
      producerId: int64('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          errorCode: int16('0+'),
        }),
      }),
    }),
  },
  notes: {
    1: 'flexible',
    2: 'transaction version (KIP-1228)',
  },
});

export type WriteTxnMarkersRequest = RequestOf<typeof writeTxnMarkers>;
export type WriteTxnMarkersResponse = ResponseOf<typeof writeTxnMarkers>;
export type WriteTxnMarkersResponseInput = ResponseInput<typeof writeTxnMarkers>;
