import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ConnectException } from '../../../common/errors.ts';
import type { SecretKey } from './secret-key.ts';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM over the text; bound to connector and key, so that no row can stand in for another. */
export function sealSecret(secretKey: SecretKey, connector: string, key: string, text: string): Uint8Array {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', secretKey.bytes(), nonce);
  cipher.setAAD(boundTo(connector, key));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Throws ConnectException when the key is not the one it was sealed with, or a byte has changed. */
export function openSecret(secretKey: SecretKey, connector: string, key: string, sealed: Uint8Array): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', secretKey.bytes(), sealed.subarray(0, NONCE));
    decipher.setAAD(boundTo(connector, key));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    const text = decipher.update(sealed.subarray(NONCE, sealed.length - TAG));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (error) {
    if (error instanceof ConnectException) throw error;
    throw new ConnectException(
      `The stored value of ${key} of connector ${connector} can't be decrypted: it was stored with another key`,
      { code: 'SECRET_UNREADABLE', key, hint: `Enter ${key} again.`, cause: error },
    );
  }
}

function boundTo(connector: string, key: string): Uint8Array {
  return Buffer.from(JSON.stringify([connector, key]), 'utf8');
}
