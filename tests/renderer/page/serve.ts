import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { contentSecurityPolicy } from '../../../main/desktop/security/content-security-policy.ts';

import { answerConnect } from './connect.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** Serves a built page from a folder on a free port of this machine, under the product's own policy. */
export async function servePage(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return void response.writeHead(204).end();
    const question = /^\/connect\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (question !== undefined) {
      void text(request).then(async (body) => response.end(await answerConnect(question, body)));
      return;
    }
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = path === '/' ? '/index.html' : path;
    try {
      const body = readFileSync(join(folder, file));
      const nonce = randomBytes(16).toString('base64');
      const html = extname(file) === '.html';
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
      response.setHeader('Content-Security-Policy', contentSecurityPolicy(html ? nonce : ''));
      response.end(html ? body.toString('utf8').replaceAll('RUNNEL_CSP_NONCE', nonce) : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
