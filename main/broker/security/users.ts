import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** What a SCRAM server keeps instead of a password (RFC 5802). */
export interface ScramCredential {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Kafka's own default, and the least that its clients accept. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

export const HASHES: Readonly<Record<ScramMechanism, string>> = {
  'SCRAM-SHA-256': 'sha256',
  'SCRAM-SHA-512': 'sha512',
};

/** Who may come, with what the mechanisms need of their passwords; no password is kept. */
export class Users {
  readonly #plain = new Map<string, Buffer>();
  readonly #scram = new Map<string, ScramCredential>();
  /** So that an unknown name takes as long as a known one. */
  readonly #nobody: Buffer;
  readonly #key: Buffer;

  /** Passwords by name; `randomBytes` for salts. */
  constructor(passwords: ReadonlyMap<string, string>, randomBytes: (count: number) => Buffer) {
    this.#key = randomBytes(32);
    this.#nobody = this.#digest(randomBytes(32).toString('hex'));
    for (const [name, password] of passwords) {
      this.#plain.set(name, this.#digest(password));
      for (const mechanism of Object.keys(HASHES) as ScramMechanism[]) {
        this.#scram.set(`${mechanism} ${name}`, credential(mechanism, password, randomBytes(SALT_BYTES)));
      }
    }
  }

  isPassword(name: string, password: string): boolean {
    const expected = this.#plain.get(name);
    const isSame = timingSafeEqual(this.#digest(password), expected ?? this.#nobody);
    return isSame && expected !== undefined;
  }

  /** For an unknown name one that no password fits: the talk goes on to its end, as with a wrong password. */
  scram(mechanism: ScramMechanism, name: string): ScramCredential {
    const known = this.#scram.get(`${mechanism} ${name}`);
    if (known) return known;
    const hash = HASHES[mechanism];
    const of = (what: string) => createHmac(hash, this.#key).update(`${what} ${name}`).digest();
    return {
      salt: of('salt').subarray(0, SALT_BYTES),
      iterations: ITERATIONS,
      storedKey: of('stored'),
      serverKey: of('server'),
    };
  }

  #digest(password: string): Buffer {
    return createHmac('sha256', this.#key).update(password).digest();
  }
}

function credential(mechanism: ScramMechanism, password: string, salt: Buffer): ScramCredential {
  const hash = HASHES[mechanism];
  const length = hash === 'sha256' ? 32 : 64;
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, length, hash);
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  return {
    salt,
    iterations: ITERATIONS,
    storedKey: createHash(hash).update(clientKey).digest(),
    serverKey: createHmac(hash, salted).update('Server Key').digest(),
  };
}
