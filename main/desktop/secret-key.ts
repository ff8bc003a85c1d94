import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import type { Logger } from '../../common/logger.ts';
import type { DataFolder } from '../data-folder.ts';
import { writeFileAtomically } from './json-file.ts';

const KEY_BYTES = 32;

/**
 * The key of the worker's secrets, sealed by the system's keychain. null where there is no keychain that encrypts
 * (Linux without a keyring), and where secrets are already sealed by the key that the worker keeps in a file of its
 * own, which only this user can read: what was saved with one key stays readable.
 */
export function workerSecretKey(folder: DataFolder, logger: Logger): Uint8Array | null {
  const path = join(folder.app, 'worker-secret-key');
  const sealed = existsSync(path);
  if (!sealed && existsSync(join(folder.worker, 'connect.sqlite.key'))) return null;
  if (!keychainEncrypts()) {
    if (sealed)
      logger.error(
        `The key of the saved secrets (${path}) is sealed by the system's keychain, which does not answer now: connectors with secrets can't start until it does`,
      );
    return null;
  }
  if (sealed) return Buffer.from(safeStorage.decryptString(readFileSync(path)), 'base64');
  const key = randomBytes(KEY_BYTES);
  writeFileAtomically(path, safeStorage.encryptString(key.toString('base64')));
  return key;
}

function keychainEncrypts(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}
