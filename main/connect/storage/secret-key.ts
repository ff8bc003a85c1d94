import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConnectException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';

/** Where the key that encrypts secrets comes from: the system's keychain in the app, a file without one. */
export interface SecretKey {
  /** 32 bytes. Asked for when the first secret is stored or read. */
  bytes(): Uint8Array;
}

const SIZE = 32;

/** A key in a file that only its owner can read, made when it is missing. */
export function fileSecretKey(file: string, logger: Logger): SecretKey {
  let key: Uint8Array | undefined;
  return {
    bytes() {
      key ??= read(file) ?? make(file, logger);
      return key;
    },
  };
}

function read(file: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, (error as Error).message, error);
  }
  const key = Buffer.from(text, 'base64');
  if (key.length !== SIZE) throw unreadable(file, `it does not hold ${SIZE} bytes in base64`);
  return key;
}

/** Complete under its name or not there at all: it is written beside and linked. */
function make(file: string, logger: Logger): Uint8Array {
  const key = randomBytes(SIZE);
  const unfinished = `${file}.${process.pid}.new`;
  rmSync(unfinished, { force: true });
  const descriptor = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(descriptor, `${key.toString('base64')}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(unfinished, file);
  } finally {
    rmSync(unfinished);
  }
  logger.info(
    `Secrets of connectors are encrypted with a key in ${file}, which only this user can read. ` +
      `Whoever has it and the files in ${dirname(file)} can read them.`,
  );
  return key;
}

function unreadable(file: string, reason: string, cause?: unknown): ConnectException {
  return new ConnectException(`The key for secrets, ${file}, can't be read: ${reason}`, {
    code: 'SECRET_KEY_UNREADABLE',
    key: file,
    hint: 'Put the right file in its place, or remove it and enter the secrets of the connectors again.',
    cause,
  });
}
