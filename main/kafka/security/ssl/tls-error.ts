import type { ErrorDetails } from '../../../../common/errors.ts';
import { type Address, addressText } from '../../cluster/address.ts';
import { NetworkException, SslAuthenticationException } from '../../errors.ts';

const TRUST =
  'Set ssl.truststore.* to the authority (or the certificate itself) that the broker’s certificate is from.';
const PLAINTEXT =
  'If it is not a TLS listener, set security.protocol to PLAINTEXT or SASL_PLAINTEXT, or use the port of the TLS listener.';
const OWN_CERTIFICATE = 'The broker asks for a certificate of the client: set ssl.keystore.* to one that it trusts.';

/** What OpenSSL says of a chain, by its code. */
const CHAIN: ReadonlyMap<string, { says: string; hint: string }> = new Map([
  [
    'CERT_HAS_EXPIRED',
    { says: 'has expired', hint: 'Renew the certificate of the broker, or set the clock of this machine.' },
  ],
  [
    'CERT_NOT_YET_VALID',
    { says: 'is not valid yet', hint: 'Set the clock of this machine, or of the one that made the certificate.' },
  ],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', { says: 'is self-signed and not trusted', hint: TRUST }],
  ['SELF_SIGNED_CERT_IN_CHAIN', { says: 'is from an authority that is not trusted', hint: TRUST }],
  ['UNABLE_TO_GET_ISSUER_CERT', { says: 'is from an authority that is not trusted', hint: TRUST }],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { says: 'is from an authority that is not trusted', hint: TRUST }],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { says: 'is from an authority that is not trusted', hint: TRUST }],
  ['CERT_REVOKED', { says: 'has been revoked', hint: 'Renew the certificate of the broker.' }],
]);

/**
 * Why TLS did not come about, or ended before the broker said a word: in a sentence, with the cure. Undefined when it is
 * nothing of TLS (a host that is not there).
 */
export function tlsError(address: Address, cause: Error, ownCertificate: boolean): Error | undefined {
  const at = addressText(address);
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const details = (key: string, hint: string): ErrorDetails => ({ key, hint, cause });
  const chain = CHAIN.get(code);
  if (chain) {
    return new SslAuthenticationException(
      `SSL handshake failed: the certificate of ${at} ${chain.says}`,
      details('ssl.truststore.location', chain.hint),
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const { reason } = cause as { reason?: string };
    return new SslAuthenticationException(
      `SSL handshake failed: the certificate of ${at} is for another host (${(reason ?? cause.message).replace(/\.$/, '')})`,
      details(
        'ssl.endpoint.identification.algorithm',
        'Dial the broker by a name in its certificate (bootstrap.servers, advertised.listeners), or give it one with this name.',
      ),
    );
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE|HTTP_REQUEST|UNEXPECTED_MESSAGE/.test(code)) {
    return new SslAuthenticationException(
      `SSL handshake failed: ${at} does not speak TLS`,
      details('security.protocol', PLAINTEXT),
    );
  }
  if (/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/.test(code)) {
    return new SslAuthenticationException(
      `SSL handshake failed: ${at} and this client have no version of TLS in common`,
      details('ssl.enabled.protocols', 'Compare ssl.enabled.protocols of both sides.'),
    );
  }
  if (/ALERT_(HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY)|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE/.test(code)) {
    return new SslAuthenticationException(
      `SSL handshake failed: ${at} and this client have no cipher suite in common, or it wants a certificate`,
      details('ssl.cipher.suites', `Compare ssl.cipher.suites of both sides. ${OWN_CERTIFICATE}`),
    );
  }
  if (/CERTIFICATE|UNKNOWN_CA|BAD_CERT/.test(code)) {
    const says = ownCertificate ? "does not accept this client's certificate" : 'asks for a certificate of the client';
    return new SslAuthenticationException(
      `SSL handshake failed: ${at} ${says}`,
      details(
        'ssl.keystore.location',
        ownCertificate
          ? 'Set ssl.keystore.* to a certificate that the broker trusts and that is still valid.'
          : OWN_CERTIFICATE,
      ),
    );
  }
  if (/^ERR_(SSL|TLS|OSSL)/.test(code)) {
    return new SslAuthenticationException(
      `SSL handshake failed with ${at}: ${cause.message}`,
      details('security.protocol', PLAINTEXT),
    );
  }
  return undefined;
}

/** It ended the connection in the middle of the handshake, or right behind it, without an alert. */
export function endedInTls(address: Address, ownCertificate: boolean, cause?: Error): NetworkException {
  const at = addressText(address);
  return new NetworkException(`${at} closed the connection during the TLS handshake`, {
    code: 'NOT_TLS',
    key: at,
    hint: ownCertificate ? PLAINTEXT : `${PLAINTEXT} ${OWN_CERTIFICATE}`,
    cause,
  });
}
