import { saslHandshake } from '../../../protocol/messages/17-sasl-handshake.ts';
import { saslAuthenticate } from '../../../protocol/messages/36-sasl-authenticate.ts';
import { Errors, errorInfo } from '../../../protocol/messages/errors.ts';
import type { Api, RequestInput, ResponseOf } from '../../../protocol/schema/api.ts';
import { SaslAuthenticationException, UnsupportedSaslMechanismException } from '../../errors.ts';
import type { SaslMechanism } from './mechanism.ts';

/** The requests of one connection. */
export type Ask = <A extends Api>(api: A, body: RequestInput<A>) => Promise<ResponseOf<A>>;

/**
 * Convinces the broker at the other end: SaslHandshake 1, then the mechanism's messages in SaslAuthenticate (KIP-152).
 * `at` is its address, for messages. Resolves to how long the broker takes requests without being convinced again, ms; 0:
 * for as long as the connection lives (KIP-368).
 *
 * @throws SaslAuthenticationException, UnsupportedSaslMechanismException
 */
export async function authenticate(ask: Ask, mechanism: SaslMechanism, at: string): Promise<number> {
  const exchange = await mechanism.begin();
  const { errorCode, mechanisms } = await ask(saslHandshake, { mechanism: mechanism.name });
  if (errorCode === Errors.UNSUPPORTED_SASL_MECHANISM) {
    throw new UnsupportedSaslMechanismException(
      `The broker at ${at} does not support the SASL mechanism ${mechanism.name}: it has [${mechanisms.join(', ')}]`,
      { key: 'sasl.mechanism', hint: `Set sasl.mechanism to one of them, and sasl.jaas.config to its login module.` },
    );
  }
  if (errorCode === Errors.ILLEGAL_SASL_STATE) {
    throw new SaslAuthenticationException(`The listener at ${at} does not use SASL`, {
      key: 'security.protocol',
      hint: 'Set security.protocol to PLAINTEXT or SSL, or use the port of a SASL listener.',
    });
  }
  if (errorCode !== 0) throw new SaslAuthenticationException(`${at} refused the SASL handshake: ${nameOf(errorCode)}`);
  let message: Buffer | null = exchange.initial;
  for (;;) {
    const answer: ResponseOf<typeof saslAuthenticate> = await ask(saslAuthenticate, { authBytes: message });
    if (answer.errorCode !== 0) {
      throw new SaslAuthenticationException(
        `Authentication at ${at} failed: ${answer.errorMessage || nameOf(answer.errorCode)}`,
        { key: 'sasl.jaas.config', hint: `Check the credential in sasl.jaas.config (${mechanism.name}).` },
      );
    }
    message = await exchange.next(answer.authBytes);
    if (message) continue;
    if (!exchange.isComplete) throw new SaslAuthenticationException(`${at} ended the authentication too early`);
    return Number(answer.sessionLifetimeMs);
  }
}

function nameOf(errorCode: number): string {
  return errorInfo(errorCode)?.name ?? `error ${errorCode}`;
}
