import { createSecureContext, type TlsOptions } from 'node:tls';
import { ConfigException } from '../../../common/errors.ts';
import { ownKey, type ReadFile, type StoreOptions, trustedCertificates } from '../../ssl/key-material.ts';
import { type ProtocolOptions, protocolSettings } from '../../ssl/protocol-settings.ts';
import type { ConfigMap } from '../api/connector.ts';

/** What an https listener is served with. */
export type TlsSettings = Pick<
  TlsOptions,
  'key' | 'cert' | 'ca' | 'requestCert' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion' | 'ciphers'
>;

const CLIENT_AUTH = ['none', 'requested', 'required'];

/**
 * `ssl.*` of the listeners: those with the prefix when there is one of them, else those without. Stores are PEM or
 * PKCS12, by what is in them. Throws ConfigException that names the key. Java: `SSLUtils`.
 */
export function tlsSettings(properties: ConfigMap, prefix: string, readFile: ReadFile): TlsSettings {
  const prefixed = Object.keys(properties).some((key) => key.startsWith(`${prefix}ssl.`));
  const at = prefixed ? prefix : '';
  const setting = (name: string): string | null => properties[`${at}${name}`] ?? null;
  try {
    return settingsOf(setting, readFile);
  } catch (error) {
    if (!(error instanceof ConfigException) || at === '') throw error;
    const named = (text: string) => text.replaceAll(/\bssl\.(?=[a-z]+\.)/g, `${at}ssl.`);
    throw new ConfigException(named(error.message), {
      ...(error.key === undefined ? {} : { key: `${at}${error.key}` }),
      ...(error.hint === undefined ? {} : { hint: named(error.hint) }),
      cause: error.cause,
    });
  }
}

function settingsOf(setting: (name: string) => string | null, readFile: ReadFile): TlsSettings {
  const clientAuth = (setting('ssl.client.auth') ?? 'none').toLowerCase();
  if (!CLIENT_AUTH.includes(clientAuth))
    throw ConfigException.invalidValue('ssl.client.auth', clientAuth, 'it can be required, requested, none');
  const stores = { ...keyStore(setting, readFile), ...trustStore(setting, readFile) };
  const own = ownKey(stores, readFile);
  if (own === null)
    throw new ConfigException('An https listener needs a key', {
      key: 'ssl.keystore.location',
      hint: 'Name a PKCS12 or PEM file by ssl.keystore.location.',
    });
  const trusted = trustedCertificates(stores, readFile);
  const settings: TlsSettings = {
    key: own.key,
    cert: own.chain,
    ...(trusted === null ? {} : { ca: trusted }),
    ...protocolSettings(protocols(setting)),
    requestCert: clientAuth !== 'none',
    // Asked for alone, a client without one is served all the same; one that shows a wrong one is not.
    rejectUnauthorized: clientAuth === 'required',
  };
  try {
    createSecureContext(settings);
  } catch (error) {
    throw new ConfigException(`The key and certificates don't make a TLS server: ${(error as Error).message}`, {
      key: 'ssl.keystore.location',
    });
  }
  return settings;
}

type Setting = (name: string) => string | null;
type Store<P extends string> = Pick<StoreOptions, Extract<keyof StoreOptions, `ssl.${P}${string}`>>;

function keyStore(setting: Setting, readFile: ReadFile): Store<'key'> {
  const [key, location] = [setting('ssl.keystore.key'), setting('ssl.keystore.location')];
  const [keyPassword, password] = [setting('ssl.key.password'), setting('ssl.keystore.password')];
  const pem = key !== null || isPem(location, readFile);
  return {
    'ssl.keystore.key': key,
    'ssl.keystore.certificate.chain': setting('ssl.keystore.certificate.chain') ?? key,
    'ssl.keystore.location': location,
    'ssl.keystore.type': pem ? 'PEM' : (setting('ssl.keystore.type') ?? 'JKS'),
    'ssl.keystore.password': pem ? null : (password ?? (location === null ? null : '')),
    'ssl.key.password': keyPassword ?? (pem ? password : null),
  };
}

function trustStore(setting: Setting, readFile: ReadFile): Store<'truststore'> {
  const [certificates, location] = [setting('ssl.truststore.certificates'), setting('ssl.truststore.location')];
  const pem = certificates !== null || isPem(location, readFile);
  return {
    'ssl.truststore.certificates': certificates,
    'ssl.truststore.location': location,
    'ssl.truststore.type': pem ? 'PEM' : (setting('ssl.truststore.type') ?? 'JKS'),
    'ssl.truststore.password': pem ? null : setting('ssl.truststore.password'),
  };
}

function protocols(setting: Setting): ProtocolOptions {
  const list = (name: string) =>
    setting(name)
      ?.split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  return {
    'ssl.enabled.protocols': list('ssl.enabled.protocols') ?? ['TLSv1.2', 'TLSv1.3'],
    'ssl.protocol': setting('ssl.protocol') ?? 'TLSv1.3',
    'ssl.cipher.suites': list('ssl.cipher.suites') ?? [],
  };
}

/** A file that can't be read is told of by who needs it. */
function isPem(location: string | null, readFile: ReadFile): boolean {
  if (location === null) return false;
  try {
    return readFile(location).includes('-----BEGIN ');
  } catch {
    return false;
  }
}
