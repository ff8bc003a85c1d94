import { getCiphers, type SecureContextOptions, type SecureVersion } from 'node:tls';
import { ConfigException } from '../../common/errors.ts';

/** Settings of Kafka that say how a connection is encrypted, of clients and of listeners. */
export interface ProtocolOptions {
  readonly 'ssl.cipher.suites': readonly string[];
  readonly 'ssl.enabled.protocols': readonly string[];
  readonly 'ssl.protocol': string;
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/**
 * The versions of TLS and the cipher suites. `ssl.protocol` bounds what `ssl.enabled.protocols` lists only where that
 * list is empty, as in Java.
 *
 * @throws ConfigException for a name that is not known here
 */
export function protocolSettings(
  options: ProtocolOptions,
): Pick<SecureContextOptions, 'minVersion' | 'maxVersion' | 'ciphers'> {
  const suites = options['ssl.cipher.suites'];
  return { ...versionsOf(options), ...(suites.length > 0 ? { ciphers: ciphersOf(suites) } : {}) };
}

function versionsOf(options: ProtocolOptions): Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> {
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
