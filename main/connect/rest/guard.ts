/** The parts of a request that say who sends it; headers as they came, names and values in turn. */
export interface GuardedRequest {
  method: string;
  url: string;
  rawHeaders: readonly string[];
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
export function guard(request: GuardedRequest, port: number): number | null {
  if (!request.url.startsWith('/')) return 400;
  const hosts = valuesOf(request, 'host');
  if (hosts.length !== 1) return 400;
  if (!isLoopback(hosts[0] as string, port)) return 403;
  if (valuesOf(request, 'origin').length > 0) return 403;
  for (const site of valuesOf(request, 'sec-fetch-site'))
    if (site !== 'none' || (request.method !== 'GET' && request.method !== 'HEAD')) return 403;
  return null;
}

function isLoopback(host: string, port: number): boolean {
  const match = /^(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(host);
  return match !== null && Number(match[2] ?? 80) === port;
}

function valuesOf({ rawHeaders }: GuardedRequest, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() === name) values.push((rawHeaders[i + 1] as string).trim());
  return values;
}
