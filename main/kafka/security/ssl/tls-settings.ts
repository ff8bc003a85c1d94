import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigException } from '../../../../common/errors.ts';
import { ownKey, type ReadFile, type StoreOptions, trustedCertificates } from '../../../ssl/key-material.ts';
import { type ProtocolOptions, protocolSettings } from '../../../ssl/protocol-settings.ts';
import type { ClientOptions } from '../../settings/client-settings.ts';

export type SslOptions = StoreOptions &
  ProtocolOptions &
  Pick<ClientOptions<'admin'>, 'ssl.endpoint.identification.algorithm'>;

/** How connections of a client are encrypted. */
export interface Tls {
  /** Certificates, versions and cipher suites, made once for all connections. */
  context: SecureContext;
  /** The certificate has to be for the host that was dialed (RFC 2818). */
  checksHost: boolean;
  /** The client has a certificate of its own to show. */
  hasCertificate: boolean;
}

/** @throws ConfigException for what can't be read, or is not known here */
export function tlsOf(options: SslOptions, readFile: ReadFile): Tls {
  const trusted = trustedCertificates(options, readFile);
  const own = ownKey(options, readFile);
  const algorithm = options['ssl.endpoint.identification.algorithm'] ?? '';
  if (algorithm !== '' && algorithm.toLowerCase() !== 'https') {
    throw ConfigException.invalidValue(
      'ssl.endpoint.identification.algorithm',
      algorithm,
      'it can be https, or empty to check no host names',
    );
  }
  const settings: SecureContextOptions = {
    ...protocolSettings(options),
    ...(trusted ? { ca: trusted } : {}),
    ...(own ? { key: own.key, cert: own.chain } : {}),
  };
  try {
    return { context: createSecureContext(settings), checksHost: algorithm !== '', hasCertificate: own !== null };
  } catch (error) {
    throw new ConfigException(
      `The key and certificates of ssl.* don't make a TLS client: ${(error as Error).message}`,
      {
        key: 'ssl.keystore.location',
      },
    );
  }
}
