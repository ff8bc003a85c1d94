import { Errors } from '../../protocol/messages/index.ts';
import { plainExchange } from './plain-exchange.ts';
import type { SaslExchange } from './sasl-exchange.ts';
import { scramExchange } from './scram-exchange.ts';
import { HASHES, type ScramMechanism, type Users } from './users.ts';

export const SASL_MECHANISMS: readonly string[] = ['PLAIN', ...Object.keys(HASHES)];

/** Whether one connection may be served: a client first shows who it is (KIP-43, KIP-152). Java: `SaslServerAuthenticator`. */
export class Authenticator {
  readonly #users: Users;
  readonly #nonce: () => string;
  #exchange: SaslExchange | undefined;
  #user: string | undefined;
  #hasFailed = false;

  /** `nonce` gives another one each time: printable, without commas. */
  constructor(users: Users, nonce: () => string) {
    this.#users = users;
    this.#nonce = nonce;
  }

  /** Undefined: nobody yet. */
  get user(): string | undefined {
    return this.#user;
  }

  /** Nothing more is taken from this client. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Error code. */
  handshake(mechanism: string): number {
    if (this.#user !== undefined || this.#hasFailed) return Errors.ILLEGAL_SASL_STATE;
    if (this.#exchange) {
      this.#hasFailed = true;
      return Errors.ILLEGAL_SASL_STATE;
    }
    if (!SASL_MECHANISMS.includes(mechanism)) {
      this.#hasFailed = true;
      return Errors.UNSUPPORTED_SASL_MECHANISM;
    }
    this.#exchange =
      mechanism === 'PLAIN'
        ? plainExchange(this.#users)
        : scramExchange(mechanism as ScramMechanism, this.#users, this.#nonce());
    return Errors.NONE;
  }

  authenticate(message: Buffer): { errorCode: number; errorMessage: string | null; authBytes: Buffer } {
    const exchange = this.#exchange;
    if (!exchange || this.#hasFailed) {
      return { errorCode: Errors.ILLEGAL_SASL_STATE, errorMessage: 'SaslHandshake comes first', authBytes: NOTHING };
    }
    try {
      const { reply, user } = exchange.next(message);
      if (user !== undefined) {
        this.#user = user;
        this.#exchange = undefined;
      }
      return { errorCode: Errors.NONE, errorMessage: '', authBytes: reply };
    } catch (error) {
      this.#hasFailed = true;
      const errorMessage = (error as Error).message;
      return { errorCode: Errors.SASL_AUTHENTICATION_FAILED, errorMessage, authBytes: NOTHING };
    }
  }
}

const NOTHING = Buffer.alloc(0);
