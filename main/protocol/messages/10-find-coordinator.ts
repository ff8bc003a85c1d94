import { api, type RequestOf, type ResponseInput, type ResponseOf } from '../schema/api.ts';
import { array, int8, int16, int32, string } from '../schema/fields.ts';

/** The broker that coordinates a group (key type 0) or a transactional id (1). */
export const findCoordinator = api({
  key: 10,
  name: 'FindCoordinator',
  versions: '0-6',
  flexible: '3+',
  request: {
    key: string('0-3'),
    keyType: int8('1+', { default: 0 }),
    coordinatorKeys: array('4+', 'string'),
  },
  response: {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '0+' }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array('4+', {
      key: string('0+'),
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
    }),
  },
  notes: {
    1: 'key type, error message',
    3: 'flexible',
    4: 'several keys at once (KIP-699)',
    5: 'TRANSACTION_ABORTABLE (KIP-890)',
    6: 'share groups (KIP-932)',
  },
});

export type FindCoordinatorRequest = RequestOf<typeof findCoordinator>;
export type FindCoordinatorResponse = ResponseOf<typeof findCoordinator>;
export type FindCoordinatorResponseInput = ResponseInput<typeof findCoordinator>;
