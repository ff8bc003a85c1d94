import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { SaslAuthenticationException } from '../../errors.ts';
import type { SaslExchange, SaslMechanism } from './mechanism.ts';

const derive = promisify(pbkdf2);

export const SCRAM_HASHES: ReadonlyMap<string, string> = new Map([
  ['SCRAM-SHA-256', 'sha256'],
  ['SCRAM-SHA-512', 'sha512'],
]);
/** Fewer would give the password away to whoever plays the server (KIP-84). */
const MIN_ITERATIONS = 4096;
/** Kafka's brokers take 16,384 at most: what is far beyond is not a broker's wish. */
const MAX_ITERATIONS = 1_000_000;
const GS2_HEADER = 'n,,';

export interface ScramCredentials {
  username: string;
  password: string;
  /** The credential is a delegation token (KIP-48). */
  tokenAuth: boolean;
}

/** RFC 5802 as Kafka has it: UTF-8 without SASLprep. The password stays here, and the server has to know it as well. */
export class Scram implements SaslMechanism {
  readonly name: string;
  readonly #credentials: ScramCredentials;
  readonly #nonce: () => string;

  /** `name` is one of `SCRAM_HASHES`. */
  constructor(name: string, credentials: ScramCredentials, nonce = () => randomBytes(24).toString('base64url')) {
    this.name = name;
    this.#credentials = credentials;
    this.#nonce = nonce;
  }

  async begin(): Promise<SaslExchange> {
    return new ScramExchange(SCRAM_HASHES.get(this.name) ?? '', this.#credentials, this.#nonce());
  }
}

class ScramExchange implements SaslExchange {
  readonly initial: Buffer;
  readonly #hash: string;
  readonly #password: string;
  readonly #nonce: string;
  readonly #bare: string;
  #serverSignature: Buffer | null = null;
  #complete = false;

  constructor(hash: string, { username, password, tokenAuth }: ScramCredentials, nonce: string) {
    this.#hash = hash;
    this.#password = password;
    this.#nonce = nonce;
    const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
    this.#bare = `n=${name},r=${nonce}${tokenAuth ? ',tokenauth=true' : ''}`;
    this.initial = Buffer.from(`${GS2_HEADER}${this.#bare}`);
  }

  get isComplete(): boolean {
    return this.#complete;
  }

  async next(challenge: Buffer): Promise<Buffer | null> {
    const message = challenge.toString();
    if (!this.#serverSignature) return this.#prove(message);
    this.#check(message, this.#serverSignature);
    this.#complete = true;
    return null;
  }

  async #prove(serverFirst: string): Promise<Buffer> {
    const [, nonce, salt, count] =
      /^(?:m=[^,]*,)?r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d{1,9})(?:,.*)?$/.exec(serverFirst) ?? [];
    if (nonce === undefined || salt === undefined) throw refused('Invalid SCRAM server first message format');
    if (!nonce.startsWith(this.#nonce)) throw refused('Invalid server nonce: does not start with client nonce');
    const iterations = Number(count);
    if (iterations < MIN_ITERATIONS) {
      throw refused(`Requested iterations ${iterations} is less than the minimum ${MIN_ITERATIONS}`);
    }
    if (iterations > MAX_ITERATIONS) {
      throw refused(`Requested iterations ${iterations} is more than the maximum ${MAX_ITERATIONS}`);
    }
    const hash = this.#hash;
    const keyBytes = createHash(hash).digest().length;
    const salted = await derive(this.#password, Buffer.from(salt, 'base64'), iterations, keyBytes, hash);
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`;
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`;
    const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash(hash).update(clientKey).digest(), authMessage);
    const proof = clientKey.map((byte, i) => byte ^ (signature[i] as number));
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  #check(serverFinal: string, expected: Buffer): void {
    const error = /^e=([^,]*)/.exec(serverFinal)?.[1];
    if (error !== undefined) throw refused(`The broker refused the credential: ${error}`);
    const given = Buffer.from(/^v=([A-Za-z0-9+/=]+)/.exec(serverFinal)?.[1] ?? '', 'base64');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    throw refused(
      'Invalid server signature in server final message',
      'The server does not know the password: it may not be the broker it says it is.',
    );
  }
}

function refused(message: string, hint?: string): SaslAuthenticationException {
  return new SaslAuthenticationException(message, { hint, key: 'sasl.jaas.config' });
}
