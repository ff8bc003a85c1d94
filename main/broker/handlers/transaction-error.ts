import { Errors } from '../../protocol/messages/index.ts';

/** Clients of before `since` know a fenced producer by its invalid epoch (KIP-588). */
export function transactionError(errorCode: number, version: number, since: number): number {
  return errorCode === Errors.PRODUCER_FENCED && version < since ? Errors.INVALID_PRODUCER_EPOCH : errorCode;
}

/**
 * As a partition tells a producer what its transaction's coordinator has against a write. `abortable`: whether the
 * client knows an error after which it may abort and go on (KIP-890).
 */
export function writeError(errorCode: number, abortable: boolean): number {
  switch (errorCode) {
    case Errors.PRODUCER_FENCED:
      return Errors.INVALID_PRODUCER_EPOCH;
    case Errors.TRANSACTION_ABORTABLE:
      return abortable ? errorCode : Errors.INVALID_TXN_STATE;
    default:
      return errorCode;
  }
}
