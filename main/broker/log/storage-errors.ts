import { ApiException, Errors } from '../../protocol/messages/errors.ts';

/** KAFKA_STORAGE_ERROR with the disk's own words as its cause. Clients try again. */
export function storageError(message: string, cause?: unknown): ApiException {
  return new ApiException(Errors.KAFKA_STORAGE_ERROR, message, { cause });
}

/** No space or no quota left: it passes by itself, unlike a broken disk. */
export function isNoSpace(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** No file can be opened at the moment: this process or the machine has too many. */
export function isOutOfFiles(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EMFILE' || code === 'ENFILE';
}

/** The device failed. It may pass. */
export function isDeviceError(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EIO';
}

/** A place that the device could not read again and again: what was there counts as damaged. */
export class UnreadableError extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} can't be read: ${(cause as Error).message}`, { cause });
    this.name = 'UnreadableError';
  }
}

export function isUnreadable(error: unknown): boolean {
  return error instanceof UnreadableError;
}
