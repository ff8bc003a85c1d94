import { createHmac, timingSafeEqual } from 'node:crypto';
import { CONTEXT_0, CONTEXT_0_PRIMITIVE, DerError, DerReader, INTEGER, OCTET_STRING, SEQUENCE, SET } from './der.ts';
import {
  decrypt,
  hmacOf,
  iterationsOf,
  PBKDF2,
  pbkdf2Key,
  pkcs12Key,
  UnknownEncryption,
  WrongPassword,
} from './password-encryption.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAG = '1.2.840.113549.1.12.10.1';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
/** Java marks what a person trusts; certificates without it are there to complete a chain. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const PBMAC1 = '1.2.840.113549.1.5.14';
const DIGESTS: ReadonlyMap<string, { hash: string; bytes: number }> = new Map([
  ['1.3.14.3.2.26', { hash: 'sha1', bytes: 20 }],
  ['2.16.840.1.101.3.4.2.1', { hash: 'sha256', bytes: 32 }],
  ['2.16.840.1.101.3.4.2.2', { hash: 'sha384', bytes: 48 }],
  ['2.16.840.1.101.3.4.2.3', { hash: 'sha512', bytes: 64 }],
]);

export interface Pkcs12 {
  /** `pkcs8`: PrivateKeyInfo in DER. */
  keys: { pkcs8: Buffer; localKeyId: string | null }[];
  /** `der`: an X.509 certificate. */
  certificates: { der: Buffer; localKeyId: string | null; trusted: boolean }[];
}

/**
 * What a PKCS #12 file holds (RFC 7292), as keytool and OpenSSL write it. `keyPassword` is for keys that have one of their
 * own. Node's `pfx` leaves out certificates that belong to no key, which is all that a trust store has.
 *
 * @throws WrongPassword, UnknownEncryption, DerError
 */
export function readPkcs12(file: Buffer, password: string, keyPassword = password): Pkcs12 {
  const pfx = new DerReader(file).enter(SEQUENCE);
  pfx.take(INTEGER);
  const content = contentInfo(pfx.enter(SEQUENCE));
  if (content.type !== DATA) throw new DerError('it is not protected by a password');
  const safes = content.inside.take(OCTET_STRING);
  if (!pfx.isAtEnd) checkMac(pfx.enter(SEQUENCE), safes, password);
  const found: Pkcs12 = { keys: [], certificates: [] };
  const all = new DerReader(safes).enter(SEQUENCE);
  while (!all.isAtEnd) {
    const { type, inside } = contentInfo(all.enter(SEQUENCE));
    if (type === DATA) readBags(inside.take(OCTET_STRING), keyPassword, found);
    else if (type === ENCRYPTED_DATA) readBags(decryptedSafe(inside, password), keyPassword, found);
    else throw new DerError(`a safe of type ${type}`);
  }
  return found;
}

/** EncryptedPrivateKeyInfo (RFC 5958) to PrivateKeyInfo, both in DER. */
export function decryptPrivateKey(der: Buffer, password: string): Buffer {
  const info = new DerReader(der).enter(SEQUENCE);
  const algorithm = info.enter(SEQUENCE);
  return decrypt(algorithm, info.take(OCTET_STRING), password);
}

function contentInfo(reader: DerReader): { type: string; inside: DerReader } {
  return { type: reader.oid(), inside: reader.enter(CONTEXT_0) };
}

function decryptedSafe(inside: DerReader, password: string): Buffer {
  const data = inside.enter(SEQUENCE);
  data.take(INTEGER);
  const info = data.enter(SEQUENCE);
  info.oid();
  const algorithm = info.enter(SEQUENCE);
  return decrypt(algorithm, info.take(CONTEXT_0_PRIMITIVE), password);
}

function readBags(safe: Buffer, keyPassword: string, found: Pkcs12): void {
  const bags = new DerReader(safe).enter(SEQUENCE);
  while (!bags.isAtEnd) {
    const bag = bags.enter(SEQUENCE);
    const type = bag.oid();
    const value = bag.take(CONTEXT_0);
    const { localKeyId, trusted } = attributesOf(bag);
    if (type === `${BAG}.1`) found.keys.push({ pkcs8: value, localKeyId });
    else if (type === `${BAG}.2`) found.keys.push({ pkcs8: decryptPrivateKey(value, keyPassword), localKeyId });
    else if (type === `${BAG}.3`) {
      const certificate = new DerReader(value).enter(SEQUENCE);
      if (certificate.oid() !== X509_CERTIFICATE) continue;
      found.certificates.push({ der: certificate.enter(CONTEXT_0).take(OCTET_STRING), localKeyId, trusted });
    }
  }
}

function attributesOf(bag: DerReader): { localKeyId: string | null; trusted: boolean } {
  let localKeyId: string | null = null;
  let trusted = false;
  if (!bag.isAtEnd) {
    const attributes = bag.enter(SET);
    while (!attributes.isAtEnd) {
      const attribute = attributes.enter(SEQUENCE);
      const type = attribute.oid();
      if (type === LOCAL_KEY_ID) localKeyId = attribute.take(SET).toString('hex');
      trusted ||= type === TRUSTED_KEY_USAGE;
    }
  }
  return { localKeyId, trusted };
}

/** The password is right and nothing was changed, or `WrongPassword`. */
function checkMac(mac: DerReader, content: Buffer, password: string): void {
  const info = mac.enter(SEQUENCE);
  const algorithm = info.enter(SEQUENCE);
  const expected = info.take(OCTET_STRING);
  const salt = mac.take(OCTET_STRING);
  const iterations = mac.isAtEnd ? 1 : iterationsOf(mac);
  const oid = algorithm.oid();
  let actual: Buffer;
  if (oid === PBMAC1) {
    const parameters = algorithm.enter(SEQUENCE);
    const derivation = parameters.enter(SEQUENCE);
    if (derivation.oid() !== PBKDF2) throw new UnknownEncryption(oid);
    const key = pbkdf2Key(derivation.enter(SEQUENCE), password, 32);
    actual = createHmac(hmacOf(parameters.enter(SEQUENCE)), key)
      .update(content)
      .digest();
  } else {
    const digest = DIGESTS.get(oid);
    if (!digest) throw new UnknownEncryption(oid);
    const key = pkcs12Key(digest.hash, password, salt, iterations, 3, digest.bytes);
    actual = createHmac(digest.hash, key).update(content).digest();
  }
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
    throw new WrongPassword('wrong password');
}
