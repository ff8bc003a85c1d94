import type { TlsOptions } from 'node:tls';

/** What an https listener is served with. */
export type TlsSettings = Pick<
  TlsOptions,
  | 'key'
  | 'cert'
  | 'pfx'
  | 'passphrase'
  | 'ca'
  | 'requestCert'
  | 'rejectUnauthorized'
  | 'minVersion'
  | 'maxVersion'
  | 'ciphers'
>;
