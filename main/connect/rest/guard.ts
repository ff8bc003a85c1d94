/** The parts of a request that say who sends it; headers as they came, names and values in turn. */
export interface GuardedRequest {
  method: string;
  url: string;
  rawHeaders: readonly string[];
}

/** Where the request arrived. */
export interface GuardedListener {
  port: number;
  /** The port that a Host without one means. */
  defaultPort: number;
  /** Whether the listener goes by this name (lower case, without brackets) besides those of the loopback. */
  hasName?(host: string): boolean;
}

/**
 * Keeps web pages out, whatever name they reached this machine by: a browser says in these headers where a request
 * comes from. Null: let it through; else the status, to be answered without a word. Programs on this machine are
 * trusted; pages of any origin are not, ours included, since REST has no pages.
 *
 * - Host must be a name of this machine with our port: a name that an attacker's DNS turned to 127.0.0.1 is not.
 * - Origin: only browsers send it, with everything but plain navigation and simple reads.
 * - Sec-Fetch-Site: browsers send it with everything; `none` is a person's own doing (an address typed in).
 */
export function guard(request: GuardedRequest, listener: GuardedListener): number | null {
  if (!request.url.startsWith('/')) return 400;
  const hosts = valuesOf(request, 'host');
  if (hosts.length !== 1) return 400;
  if (!isOurs(hosts[0] as string, listener)) return 403;
  if (valuesOf(request, 'origin').length > 0) return 403;
  for (const site of valuesOf(request, 'sec-fetch-site'))
    if (site !== 'none' || (request.method !== 'GET' && request.method !== 'HEAD')) return 403;
  return null;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

function isOurs(host: string, { port, defaultPort, hasName }: GuardedListener): boolean {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(host);
  if (match === null || Number(match[3] ?? defaultPort) !== port) return false;
  const name = (match[1] ?? match[2] ?? '').toLowerCase();
  // An IPv6 address needs its brackets, and nothing else has them.
  if (name === '::1' ? match[1] === undefined : LOOPBACK.has(name) && match[1] !== undefined) return false;
  return LOOPBACK.has(name) || hasName?.(name) === true;
}

function valuesOf({ rawHeaders }: GuardedRequest, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name) values.push((rawHeaders[i + 1] as string).trim());
  return values;
}
