import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { contentSecurityPolicy } from './content-security-policy.ts';

/** The page's origin. A scheme of our own: nothing of `file:` is reachable from it, and it is a secure context. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://runnel`;

const NONCE_PLACEHOLDER = 'RUNNEL_CSP_NONCE';

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
  ['.map', 'application/json'],
]);

/** URL path → file, for every regular file; links are left out. The paths are the allow-list. */
export function filesIn(folder: string, under = '/'): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const url = posix.join(under, entry.name);
    if (entry.isFile()) files.set(url, path);
    else if (entry.isDirectory()) for (const [key, value] of filesIn(path, `${url}/`)) files.set(key, value);
  }
  return files;
}

export function respond(request: Pick<Request, 'method' | 'url'>, files: ReadonlyMap<string, string>): Response {
  const url = new URL(request.url);
  // Not decoded: a path with %2f or %00 is the name of no file.
  const path = url.pathname === '/' ? '/index.html' : url.pathname;
  const file = url.host === 'runnel' && request.method === 'GET' ? files.get(path) : undefined;
  if (!file) return new Response('Not found', { status: 404, headers: securityHeaders('text/plain', '') });
  const type = CONTENT_TYPES.get(extname(file)) ?? 'application/octet-stream';
  const nonce = randomBytes(16).toString('base64');
  const headers = securityHeaders(type, nonce);
  if (extname(file) !== '.html') return new Response(readFileSync(file), { headers });
  return new Response(readFileSync(file, 'utf8').replaceAll(NONCE_PLACEHOLDER, nonce), { headers });
}

function securityHeaders(type: string, nonce: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': contentSecurityPolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}
