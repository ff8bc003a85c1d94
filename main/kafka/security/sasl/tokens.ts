import type { Time } from '../../../../common/time.ts';
import { SaslAuthenticationException } from '../../errors.ts';

export interface Token {
  value: string;
  /** ms since 1970 UTC */
  expiresAtMs: number;
}

/** Where a token comes from: an endpoint, a file, or the client itself. */
export type TokenSource = () => Promise<Token>;

/** When a token is fetched anew: `sasl.login.refresh.*`. */
export interface RefreshRules {
  windowFactor: number;
  windowJitter: number;
  minPeriodSeconds: number;
  bufferSeconds: number;
}

/**
 * The token of a client, shared by its connections. Fetched anew when a connection needs it in the last part of its life;
 * one that still holds is used when that fails. Java: `ExpiringCredentialRefreshingLogin`, which does so in a thread.
 */
export class Tokens {
  readonly #source: TokenSource;
  readonly #rules: RefreshRules;
  readonly #time: Time;
  readonly #random: () => number;
  #token: Token | null = null;
  #refreshAtMs = 0;
  #fetching: Promise<Token> | null = null;

  constructor(source: TokenSource, rules: RefreshRules, time: Time, random: () => number) {
    this.#source = source;
    this.#rules = rules;
    this.#time = time;
    this.#random = random;
  }

  async current(): Promise<Token> {
    const now = this.#time.milliseconds();
    if (this.#token && now < this.#refreshAtMs) return this.#token;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    try {
      return await this.#fetching;
    } catch (error) {
      if (this.#token && now < this.#token.expiresAtMs) return this.#token;
      throw error;
    }
  }

  async #fetch(): Promise<Token> {
    const token = await this.#source();
    const now = this.#time.milliseconds();
    const life = token.expiresAtMs - now;
    if (life <= 0) {
      throw new SaslAuthenticationException('The token has expired already', {
        key: 'sasl.jaas.config',
        hint: 'Compare the clocks of this machine and of the one that issues tokens.',
      });
    }
    const { windowFactor, windowJitter, minPeriodSeconds, bufferSeconds } = this.#rules;
    const wished = life * (windowFactor + windowJitter * this.#random());
    // The two bounds are given up when a life is too short for both (Java does as well).
    const fits = life > 1_000 * (minPeriodSeconds + bufferSeconds);
    const delay = fits ? Math.max(1_000 * minPeriodSeconds, Math.min(wished, life - 1_000 * bufferSeconds)) : wished;
    this.#token = token;
    this.#refreshAtMs = now + Math.min(delay, life);
    return token;
  }
}

/**
 * What a client has to know of its own token; the broker judges it. `at` says where it came from, for messages.
 *
 * @throws SaslAuthenticationException for what is no JWT with an `exp`
 */
export function tokenOf(value: string, at: string): Token {
  const parts = value.split('.');
  try {
    if (parts.length !== 3) throw new Error(`${parts.length} parts instead of 3`);
    const claims: unknown = JSON.parse(Buffer.from(parts[1] as string, 'base64url').toString());
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
    if (typeof exp !== 'number' || !Number.isFinite(exp)) throw new Error('no exp claim');
    return { value, expiresAtMs: exp * 1_000 };
  } catch (error) {
    // The parser's message would quote the token.
    const why = error instanceof SyntaxError ? 'its claims are no JSON' : (error as Error).message;
    throw new SaslAuthenticationException(`What ${at} gave is no JWT: ${why}`, { key: 'sasl.jaas.config' });
  }
}
