import { Errors } from '../../protocol/messages/index.ts';

/** Clients of before `since` know a fenced producer by its invalid epoch (KIP-588). */
export function transactionError(errorCode: number, version: number, since: number): number {
  return errorCode === Errors.PRODUCER_FENCED && version < since ? Errors.INVALID_PRODUCER_EPOCH : errorCode;
}
