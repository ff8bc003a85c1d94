import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { DerError, type DerReader, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE } from './der.ts';
import { decryptRc2 } from './rc2.ts';

/** The bytes can't be made readable: the password is another one, or they are damaged. */
export class WrongPassword extends Error {}

/** An encryption that is not known here. */
export class UnknownEncryption extends Error {}

const PBES2 = '1.2.840.113549.1.5.13';
export const PBKDF2 = '1.2.840.113549.1.5.12';
const SHA1_AND_3DES = '1.2.840.113549.1.12.1.3';
const SHA1_AND_RC2_40 = '1.2.840.113549.1.12.1.6';

const HMACS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);
const CIPHERS: ReadonlyMap<string, { name: string; keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
]);
/** A count that a person would wait for. */
const MAX_ITERATIONS = 10_000_000;

/** By `algorithm`, an AlgorithmIdentifier: PBES2 (RFC 8018), or PKCS #12's own with Triple DES or RC2 (RFC 7292 C). */
export function decrypt(algorithm: DerReader, encrypted: Buffer, password: string): Buffer {
  const oid = algorithm.oid();
  const parameters = algorithm.enter(SEQUENCE);
  if (oid === PBES2) return decryptPbes2(parameters, encrypted, password);
  if (oid !== SHA1_AND_3DES && oid !== SHA1_AND_RC2_40) throw new UnknownEncryption(oid);
  const [salt, iterations] = [parameters.take(OCTET_STRING), iterationsOf(parameters)];
  const derive = (id: number, bytes: number) => pkcs12Key('sha1', password, salt, iterations, id, bytes);
  if (oid === SHA1_AND_3DES) return decipher('des-ede3-cbc', derive(1, 24), derive(2, 8), encrypted);
  const plain = decryptRc2(derive(1, 5), derive(2, 8), encrypted);
  if (!plain) throw new WrongPassword('wrong password');
  return plain;
}

/** PBKDF2 by its parameters; `keyBytes` where they name none. */
export function pbkdf2Key(parameters: DerReader, password: string, keyBytes: number): Buffer {
  const [salt, iterations] = [parameters.take(OCTET_STRING), iterationsOf(parameters)];
  const length = parameters.nextTag === 0x02 ? parameters.count() : keyBytes;
  if (length > 1_024) throw new DerError('a key of that length');
  let hash = 'sha1';
  if (!parameters.isAtEnd) hash = hmacOf(parameters.enter(SEQUENCE));
  return pbkdf2Sync(password, salt, iterations, length, hash);
}

export function hmacOf(algorithm: DerReader): string {
  const oid = algorithm.oid();
  const hash = HMACS.get(oid);
  if (hash === undefined) throw new UnknownEncryption(oid);
  return hash;
}

export function iterationsOf(reader: DerReader): number {
  const iterations = reader.count();
  if (iterations < 1 || iterations > MAX_ITERATIONS) throw new DerError(`${iterations} iterations`);
  return iterations;
}

/** A key, an initialization vector or a MAC key (`id` 1, 2, 3) from a password (RFC 7292 B.2). */
export function pkcs12Key(
  hash: string,
  password: string,
  salt: Buffer,
  iterations: number,
  id: number,
  bytes: number,
): Buffer {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const filled = (from: Buffer) => {
    const length = block * Math.ceil(from.length / block);
    return Buffer.from(Array.from({ length }, (_, i) => from[i % from.length] as number));
  };
  const input = Buffer.concat([filled(salt), filled(bmpString(password))]);
  const parts: Buffer[] = [];
  for (let size = 0; size < bytes; ) {
    let a = createHash(hash).update(Buffer.alloc(block, id)).update(input).digest();
    for (let i = 1; i < iterations; i++) a = createHash(hash).update(a).digest();
    parts.push(a);
    size += a.length;
    // Every block of the input is raised by the hash (filled up to a block) plus one.
    for (let at = 0; at < input.length; at += block) {
      let carry = 1;
      for (let i = block - 1; i >= 0; i--) {
        const sum = (input[at + i] as number) + (a[i % a.length] as number) + carry;
        input[at + i] = sum & 0xff;
        carry = sum >> 8;
      }
    }
  }
  return Buffer.concat(parts).subarray(0, bytes);
}

function decryptPbes2(parameters: DerReader, encrypted: Buffer, password: string): Buffer {
  const derivation = parameters.enter(SEQUENCE);
  const scheme = parameters.enter(SEQUENCE);
  const kdf = derivation.oid();
  if (kdf !== PBKDF2) throw new UnknownEncryption(kdf);
  const oid = scheme.nextTag === OBJECT_IDENTIFIER ? scheme.oid() : '';
  const cipher = CIPHERS.get(oid);
  if (!cipher) throw new UnknownEncryption(oid);
  const key = pbkdf2Key(derivation.enter(SEQUENCE), password, cipher.keyBytes);
  return decipher(cipher.name, key, scheme.take(OCTET_STRING), encrypted);
}

function decipher(cipher: string, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch (error) {
    throw new WrongPassword('wrong password', { cause: error });
  }
}

/** UTF-16, the most significant byte first, closed by two zero bytes. */
function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}
