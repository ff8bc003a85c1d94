import { ConfigException } from '../../../common/errors.ts';

export interface Listener {
  scheme: 'http' | 'https';
  /** As it is written, in lower case and without brackets; empty: not named. */
  host: string;
  port: number;
  /** As it stands in the setting. */
  text: string;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);
/** What means all addresses of the machine. */
const WIDE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/** `http://host:port,https://host:port` of `listeners` or `admin.listeners`. Throws ConfigException. Java: `RestServer.createConnector`. */
export function parseListeners(key: string, texts: readonly string[]): Listener[] {
  return texts.map((text) => {
    const match = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(\d+)$/.exec(text.trim());
    if (match === null)
      throw new ConfigException("Listener doesn't have the right format (protocol://hostname:port).", {
        key,
        hint: `${text} is in ${key}: write http://127.0.0.1:8083 for example.`,
      });
    const scheme = (match[1] as string).toLowerCase();
    if (scheme !== 'http' && scheme !== 'https')
      throw new ConfigException('Listener protocol must be either "http" or "https".', { key });
    const port = Number(match[3]);
    if (port > 65_535) throw ConfigException.invalidValue(key, text, 'a port is at most 65535');
    return { scheme, host: (match[2] as string).toLowerCase(), port, text };
  });
}

/** Where a listener is bound. `addresses` absent: the loopback. */
export interface Binding {
  addresses?: readonly string[];
  /** All addresses were meant, and it is the loopback alone. */
  narrowed: boolean;
}

/**
 * Nothing listens beyond this machine unless it is named so, by https, and with credentials. Throws ConfigException for
 * an address of the machine that would be reached without.
 */
export function bindingOf(key: string, { scheme, host, text }: Listener, hasCredentials: boolean): Binding {
  if (LOOPBACK.has(host)) return { narrowed: false };
  const mayBeReached = scheme === 'https' && hasCredentials;
  if (WIDE.has(host)) return mayBeReached ? { addresses: ['0.0.0.0', '::'], narrowed: false } : { narrowed: true };
  if (mayBeReached) return { addresses: [host], narrowed: false };
  throw new ConfigException(`${text} in ${key} would be reached from other machines without TLS and credentials`, {
    key,
    hint: 'Use https with rest.extension.classes for basic authentication or ssl.client.auth=required, or name localhost.',
  });
}
