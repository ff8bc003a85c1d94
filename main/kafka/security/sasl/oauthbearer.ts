import { SaslAuthenticationException } from '../../errors.ts';
import type { SaslExchange, SaslMechanism } from './mechanism.ts';
import type { Tokens } from './tokens.ts';

/** Ends each part of a message (RFC 7628). */
const END = '\x01';

/** RFC 7628. The token is a secret that whoever reads it can use: over TLS, but for tests. */
export class OAuthBearer implements SaslMechanism {
  readonly name = 'OAUTHBEARER';
  readonly #tokens: Tokens;
  readonly #extensions: string;

  /** `extensions` go to the broker beside the token (KIP-342). */
  constructor(tokens: Tokens, extensions: ReadonlyMap<string, string>) {
    this.#tokens = tokens;
    this.#extensions = [...extensions].map(([name, value]) => `${name}=${value}${END}`).join('');
  }

  async begin(): Promise<SaslExchange> {
    const { value } = await this.#tokens.current();
    return new OAuthBearerExchange(Buffer.from(`n,,${END}auth=Bearer ${value}${END}${this.#extensions}${END}`));
  }
}

class OAuthBearerExchange implements SaslExchange {
  readonly initial: Buffer;
  isComplete = false;
  #refusal: string | null = null;

  constructor(initial: Buffer) {
    this.initial = initial;
  }

  async next(challenge: Buffer): Promise<Buffer | null> {
    if (this.#refusal !== null) {
      throw new SaslAuthenticationException(`The broker refused the token: ${this.#refusal}`, {
        key: 'sasl.jaas.config',
      });
    }
    if (challenge.length === 0) {
      this.isComplete = true;
      return null;
    }
    // The refusal as JSON. The broker says it as an error once this is answered.
    this.#refusal = challenge.toString();
    return Buffer.from(END);
  }
}
