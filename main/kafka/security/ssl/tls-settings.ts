import {
  createSecureContext,
  getCiphers,
  type SecureContext,
  type SecureContextOptions,
  type SecureVersion,
} from 'node:tls';
import { ConfigException } from '../../../../common/errors.ts';
import type { ClientOptions } from '../../settings/client-settings.ts';
import { clientKey, type ReadFile, type StoreOptions, trustedCertificates } from './key-material.ts';

export type SslOptions = StoreOptions &
  Pick<
    ClientOptions<'admin'>,
    'ssl.cipher.suites' | 'ssl.enabled.protocols' | 'ssl.endpoint.identification.algorithm' | 'ssl.protocol'
  >;

/** How connections of a client are encrypted. */
export interface Tls {
  /** Certificates, versions and cipher suites, made once for all connections. */
  context: SecureContext;
  /** The certificate has to be for the host that was dialed (RFC 2818). */
  checksHost: boolean;
  /** The client has a certificate of its own to show. */
  hasCertificate: boolean;
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** @throws ConfigException for what can't be read, or is not known here */
export function tlsOf(options: SslOptions, readFile: ReadFile): Tls {
  const trusted = trustedCertificates(options, readFile);
  const own = clientKey(options, readFile);
  const algorithm = options['ssl.endpoint.identification.algorithm'] ?? '';
  if (algorithm !== '' && algorithm.toLowerCase() !== 'https') {
    throw ConfigException.invalidValue(
      'ssl.endpoint.identification.algorithm',
      algorithm,
      'it can be https, or empty to check no host names',
    );
  }
  const settings: SecureContextOptions = {
    ...versionsOf(options),
    ...(trusted ? { ca: trusted } : {}),
    ...(own ? { key: own.key, cert: own.chain } : {}),
    ...(options['ssl.cipher.suites'].length > 0 ? { ciphers: ciphersOf(options['ssl.cipher.suites']) } : {}),
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

/** `ssl.protocol` bounds what `ssl.enabled.protocols` lists only where that list is empty, as in Java. */
function versionsOf(options: SslOptions): Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> {
  const [key, names] = options['ssl.enabled.protocols'].length
    ? (['ssl.enabled.protocols', options['ssl.enabled.protocols']] as const)
    : (['ssl.protocol', [options['ssl.protocol']]] as const);
  const used = names
    .filter((name) => name !== 'TLS')
    .map((name) => {
      const version = VERSIONS.find((each) => each === name);
      if (!version) throw ConfigException.invalidValue(key, name, `it can be ${VERSIONS.join(', ')}`);
      return VERSIONS.indexOf(version);
    });
  if (used.length === 0) return { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' };
  return {
    minVersion: VERSIONS[Math.min(...used)] as SecureVersion,
    maxVersion: VERSIONS[Math.max(...used)] as SecureVersion,
  };
}

function ciphersOf(names: readonly string[]): string {
  const known = new Set(getCiphers().map((each) => each.toUpperCase()));
  return names
    .map((name) => {
      const ours = openSslName(name);
      if (known.has(ours)) return ours;
      throw ConfigException.invalidValue('ssl.cipher.suites', name, 'this cipher suite is not known here');
    })
    .join(':');
}

/** Java has IANA's names, OpenSSL its own: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`. */
function openSslName(name: string): string {
  const match = /^(?:TLS|SSL)_(\w+)_WITH_(\w+)$/.exec(name);
  if (!match) return name.toUpperCase();
  const cipher = (match[2] as string)
    .replace(/_POLY1305_SHA256$/, '_POLY1305')
    .replace(/_CBC(?=_SHA)/, '')
    .replace(/(AES|CAMELLIA|ARIA)_(\d+)/, '$1$2');
  return `${match[1] === 'RSA' ? '' : `${match[1]}-`}${cipher}`.replaceAll('_', '-').toUpperCase();
}
