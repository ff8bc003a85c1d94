import { ConfigException } from '../../../common/errors.ts';

export interface Listener {
  port: number;
  /** The setting named a host that means all of the machine's addresses: it is served on the loopback only. */
  wide: boolean;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
const WIDE: ReadonlySet<string> = new Set(['', '0.0.0.0', '[::]', '::', '*']);

/** The worker's `listeners`; null when there are none. Throws ConfigException for what can't be served. */
export function parseListeners(listeners: readonly string[]): Listener | null {
  const [first, ...others] = listeners;
  if (first === undefined) return null;
  if (others.length > 0) {
    throw new ConfigException(`listeners has ${listeners.length} entries: REST is served at one port`, {
      key: 'listeners',
      hint: 'Keep one of them, http://127.0.0.1:8083 for example.',
    });
  }
  const match = /^([a-z]+):\/\/(\[[^\]]*\]|[^:/]*):(\d+)\/?$/i.exec(first.trim());
  const port = Number(match?.[3] ?? Number.NaN);
  if (match === null || port > 65_535)
    throw ConfigException.invalidValue('listeners', first, 'Write protocol, host and port: http://127.0.0.1:8083');
  if (match[1]?.toLowerCase() !== 'http')
    throw ConfigException.invalidValue('listeners', first, 'REST is served by http only, on this machine');
  const host = (match[2] ?? '').toLowerCase();
  if (LOOPBACK.has(host) || WIDE.has(host)) return { port, wide: WIDE.has(host) };
  throw ConfigException.invalidValue(
    'listeners',
    first,
    'REST is served on this machine only: use localhost, 127.0.0.1 or [::1]',
  );
}
