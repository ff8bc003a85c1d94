import { createSecureContext, type TlsOptions } from 'node:tls';
import { ConfigException } from '../../../common/errors.ts';
import type { ConfigMap } from '../api/connector.ts';

/** What an https listener is served with. */
export type TlsSettings = Pick<
  TlsOptions,
  'key' | 'cert' | 'pfx' | 'passphrase' | 'ca' | 'requestCert' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion'
>;

export type ReadFile = (path: string) => Buffer;

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
/** Java's own format of old begins with this. */
const JKS_MAGIC = 0xfeedfeed;

/**
 * `ssl.*` of the listeners: those with the prefix when there is one of them, else those without. Stores are PEM or
 * PKCS12, by what is in them. Throws ConfigException that names the key. Java: `SSLUtils`.
 */
export function tlsSettings(properties: ConfigMap, prefix: string, readFile: ReadFile): TlsSettings {
  const prefixed = Object.keys(properties).some((key) => key.startsWith(`${prefix}ssl.`));
  const at = prefixed ? prefix : '';
  const setting = (name: string): string | undefined => properties[`${at}ssl.${name}`];
  const read = (name: string) => {
    const path = setting(name) as string;
    try {
      return readFile(path);
    } catch (error) {
      throw new ConfigException(`Failed to load ${path}: ${(error as Error).message}`, {
        key: `${at}ssl.${name}`,
        cause: error,
      });
    }
  };
  const clientAuth = (setting('client.auth') ?? 'none').toLowerCase();
  if (!['none', 'requested', 'required'].includes(clientAuth))
    throw ConfigException.invalidValue(`${at}ssl.client.auth`, clientAuth, 'it can be required, requested, none');
  const settings: TlsSettings = {
    ...keyOf(at, setting, read),
    ...trustOf(at, setting, read),
    ...versionsOf(at, setting),
    requestCert: clientAuth !== 'none',
    // Asked for alone, a client without one is served all the same; one that shows a wrong one is not.
    rejectUnauthorized: clientAuth === 'required',
  };
  try {
    createSecureContext(settings);
  } catch (error) {
    // OpenSSL's words for a wrong password: mac verify failure, bad decrypt.
    throw new ConfigException(`The key and certificates don't make a TLS server: ${(error as Error).message}`, {
      key: `${at}ssl.keystore.location`,
      hint: `Check ${at}ssl.keystore.password and ${at}ssl.key.password.`,
    });
  }
  return settings;
}

type Setting = (name: string) => string | undefined;
type Read = (name: string) => Buffer;

function keyOf(at: string, setting: Setting, read: Read): TlsSettings {
  const passphrase = setting('key.password') ?? setting('keystore.password');
  const secret = passphrase === undefined ? {} : { passphrase };
  const key = setting('keystore.key');
  if (key !== undefined) return { key, cert: setting('keystore.certificate.chain') ?? key, ...secret };
  if (setting('keystore.location') === undefined)
    throw new ConfigException('An https listener needs a key', {
      key: `${at}ssl.keystore.location`,
      hint: 'Name a PKCS12 or PEM file by listeners.https.ssl.keystore.location.',
    });
  const store = read('keystore.location');
  if (isPem(store)) return { key: store, cert: store, ...secret };
  refuseJks(store, `${at}ssl.keystore.location`);
  return { pfx: store, passphrase: setting('keystore.password') ?? '' };
}

function trustOf(at: string, setting: Setting, read: Read): TlsSettings {
  const certificates = setting('truststore.certificates');
  if (certificates !== undefined) return { ca: certificates };
  if (setting('truststore.location') === undefined) return {};
  const store = read('truststore.location');
  if (isPem(store)) return { ca: store };
  refuseJks(store, `${at}ssl.truststore.location`);
  throw new ConfigException('A trust store of REST has to be a PEM file', {
    key: `${at}ssl.truststore.location`,
    hint: 'Write its certificates with openssl pkcs12 -nokeys -in truststore.p12 -out trusted.pem.',
  });
}

function versionsOf(at: string, setting: Setting): TlsSettings {
  const names = (setting('enabled.protocols') ?? VERSIONS.join(',')).split(',').map((name) => name.trim());
  const used = VERSIONS.filter((version) => names.includes(version));
  const [minVersion, maxVersion] = [used[0], used.at(-1)];
  if (minVersion === undefined || maxVersion === undefined)
    throw ConfigException.invalidValue(
      `${at}ssl.enabled.protocols`,
      names.join(','),
      `there are ${VERSIONS.join(', ')}`,
    );
  return { minVersion, maxVersion };
}

function isPem(store: Buffer): boolean {
  return store.includes('-----BEGIN ');
}

function refuseJks(store: Buffer, key: string): void {
  if (store.length < 4 || store.readUInt32BE(0) !== JKS_MAGIC) return;
  throw new ConfigException('It is a store in Java’s own format JKS, which can’t be read here', {
    key,
    hint: 'Convert it: keytool -importkeystore -srckeystore old.jks -destkeystore new.p12 -deststoretype PKCS12.',
  });
}
