import { ConfigException } from '../../../../common/errors.ts';
import type { Time } from '../../../../common/time.ts';
import type { Token, TokenSource } from './tokens.ts';

const DEFAULT_LIFETIME_SECONDS = '3600';
const CLAIM = /^unsecuredLogin(String|Number|List)Claim_(.+)$/s;
const EXTENSION = /^unsecuredLoginExtension_(.+)$/s;

/**
 * Tokens without a signature, made of the login module's own options: for tests only, as every client can be anybody.
 * Java: `OAuthBearerUnsecuredLoginCallbackHandler`.
 *
 * @throws ConfigException for options that make no token
 */
export function unsecuredTokens(options: ReadonlyMap<string, string>, time: Time): TokenSource {
  const claims: Record<string, unknown> = {};
  for (const [name, value] of options) {
    const [, type, claim] = CLAIM.exec(name) ?? [];
    if (claim === undefined) continue;
    if (claim === 'iat' || claim === 'exp') throw invalid(`Cannot explicitly set the '${claim}' claim`);
    claims[claim] = type === 'String' ? value : type === 'Number' ? numberClaim(name, value) : listClaim(value);
  }
  const principal = options.get('unsecuredLoginPrincipalClaimName')?.trim() || 'sub';
  if (typeof claims[principal] !== 'string' || claims[principal].trim() === '') {
    throw invalid(`No principal name in JWT claim: ${principal}`);
  }
  const lifetime = options.get('unsecuredLoginLifetimeSeconds') ?? DEFAULT_LIFETIME_SECONDS;
  if (!/^[+-]?\d{1,15}$/.test(lifetime)) throw invalid(`For input string: "${lifetime}"`);
  const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return async (): Promise<Token> => {
    const now = time.milliseconds() / 1_000;
    const exp = now + Number(lifetime);
    return {
      value: `${encoded({ alg: 'none' })}.${encoded({ exp, iat: now, ...claims })}.`,
      expiresAtMs: exp * 1_000,
    };
  };
}

/** What goes to the broker beside the token; names and values have to fit RFC 7628. */
export function extensionsOf(options: ReadonlyMap<string, string>, prefix: RegExp = EXTENSION): Map<string, string> {
  const extensions = new Map<string, string>();
  for (const [option, value] of options) {
    const name = prefix.exec(option)?.[1];
    if (name === undefined) continue;
    if (!/^[A-Za-z]+$/.test(name) || name === 'auth') throw invalid(`Extension name ${name} is invalid`);
    if (!/^[\x21-\x7E \t\r\n]+$/.test(value)) throw invalid(`Extension value for extension ${name} is invalid`);
    extensions.set(name, value);
  }
  return extensions;
}

function numberClaim(option: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw invalid(`${option} is no number`);
  return number;
}

/** The first character divides the others. */
function listClaim(value: string): string[] {
  return value.length <= 1 ? [] : value.slice(1).split(value[0] as string);
}

function invalid(message: string): ConfigException {
  return new ConfigException(message, { key: 'sasl.jaas.config' });
}
