import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectException } from '../../../../common/errors.ts';
import { connectRoutes, RestApp } from '../../../../main/connect/rest/rest-app.ts';
import { REQUEST_TIMEOUT_MS, RestServer } from '../../../../main/connect/rest/rest-server.ts';
import type { Herder } from '../../../../main/connect/runtime/herder.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';

/** Counts what gets through to it. */
class CountingHerder {
  calls: string[] = [];
  readonly herder = new Proxy({} as Herder, {
    get: (_, name) => {
      if (name === 'ready') return true;
      return async (...args: unknown[]) => {
        this.calls.push(`${String(name)} ${args.map(String).join(' ')}`.trim());
        return [];
      };
    },
  });
}

let counting: CountingHerder;
let server: RestServer;
const app = () =>
  new RestApp({ herder: counting.herder, logger: silentLogger, time: systemTime, routes: connectRoutes('') });

beforeEach(async () => {
  counting = new CountingHerder();
  server = await RestServer.listen({ port: 0, named: true });
  server.serve(app());
});
afterEach(() => server.close());

function open(host = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, host, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** Sends these bytes and gives all that comes until the other side closes, or `expected` bytes have come. */
async function send(text: string, host?: string): Promise<string> {
  const socket = await open(host);
  socket.write(text);
  let received = '';
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const length = /content-length: (\d+)/i.exec(received);
      const end = received.indexOf('\r\n\r\n');
      if (end >= 0 && (length === null || received.length >= end + 4 + Number(length[1]))) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}

const request = (head: string, headers: string[] = [], body = '') =>
  `${head} HTTP/1.1\r\n${headers.join('\r\n')}${headers.length > 0 ? '\r\n' : ''}\r\n${body}`;
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
const own = () => `Host: localhost:${server.port}`;

describe('a request of a program on this machine gets through', () => {
  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('by the name %s', async (name) => {
    const answer = await send(request('GET /connectors', [`Host: ${name}:${server.port}`]));
    expect(statusOf(answer)).toBe(200);
    expect(counting.calls).toEqual(['connectors']);
  });

  test('by IPv6 at the same port', async () => {
    expect(statusOf(await send(request('GET /connectors', [`Host: [::1]:${server.port}`]), '::1'))).toBe(200);
  });

  test('from the address bar of a browser, to read', async () => {
    expect(statusOf(await send(request('GET /connectors', [own(), 'Sec-Fetch-Site: none'])))).toBe(200);
  });
});

describe('a request that a name of somebody else’s led here is refused without a word', () => {
  test.each([
    'evil.com',
    'localhost.evil.com',
    '127.0.0.1.nip.io',
    '0.0.0.0',
    '[::]',
    '[::ffff:127.0.0.1]',
    '127.0.0.2',
    '2130706433',
    'localhost.',
    'user@localhost',
    '',
  ])('Host: %s', async (name) => {
    for (const method of ['GET /connectors', 'POST /connectors/x/restart', 'DELETE /connectors/x']) {
      const answer = await send(request(method, [`Host: ${name}:${server.port}`]));
      expect([400, 403]).toContain(statusOf(answer));
      expect(bodyOf(answer)).toBe('');
    }
    expect(counting.calls).toEqual([]);
  });

  test('with the wrong port or none', async () => {
    for (const host of ['localhost', 'localhost:1', `localhost:${server.port}0`, `localhost:${server.port}:1`])
      expect(statusOf(await send(request('GET /connectors', [`Host: ${host}`])))).toBe(403);
    expect(counting.calls).toEqual([]);
  });

  test('with two names, no name, or the name in the request line', async () => {
    const port = server.port;
    for (const text of [
      request('GET /connectors', [own(), 'Host: evil.com']),
      request('GET /connectors', ['Host: evil.com', own()]),
      request('GET /connectors', []),
      request(`GET http://evil.com:${port}/connectors`, [own()]),
      request(`GET http://localhost:${port}/connectors`, [own()]),
      request('GET *', [own()]),
    ]) {
      const answer = await send(text);
      expect(statusOf(answer)).toBe(400);
      // Node itself answers without a Host: nothing, in chunks.
      expect(['', '0\r\n\r\n']).toContain(bodyOf(answer));
    }
    expect(counting.calls).toEqual([]);
  });
});

describe('a web page can neither read nor change anything', () => {
  const json = '{"name":"x","config":{}}';
  test.each([
    [
      'a form',
      'POST /connectors',
      ['Origin: https://evil.com', 'Content-Type: text/plain', `Content-Length: ${json.length}`],
      json,
    ],
    ['a restart without a body', 'POST /connectors/x/restart', ['Origin: https://evil.com', 'Content-Length: 0'], ''],
    ['a sandboxed frame', 'POST /connectors/x/restart', ['Origin: null', 'Content-Length: 0'], ''],
    [
      'a page of this very address',
      'POST /connectors/x/restart',
      ['Origin: http://localhost', 'Content-Length: 0'],
      '',
    ],
    ['an image', 'GET /connectors', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'], ''],
    ['a page of another port', 'GET /connectors', ['Sec-Fetch-Site: same-site'], ''],
    ['a page of this port', 'GET /connectors', ['Sec-Fetch-Site: same-origin'], ''],
    ['a preflight', 'OPTIONS /connectors', ['Origin: https://evil.com', 'Access-Control-Request-Method: PUT'], ''],
    [
      'a WebSocket',
      'GET /connectors',
      [
        'Origin: https://evil.com',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ],
      '',
    ],
    ['an address typed in that would change something', 'DELETE /connectors/x', ['Sec-Fetch-Site: none'], ''],
  ])('%s', async (_, head, headers, body) => {
    const answer = await send(request(head, [own(), ...headers], body));
    expect(statusOf(answer)).toBe(403);
    expect(bodyOf(answer)).toBe('');
    expect(answer).not.toMatch(/access-control/i);
    expect(counting.calls).toEqual([]);
  });

  test('every combination of method, path, Host, Origin, fetch metadata and type gets through only when it may', async () => {
    const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
    const paths = ['/connectors', '/connectors/x/restart', '/connectors/x/pause'];
    const hosts = [own(), 'Host: evil.com', `Host: localhost.evil.com:${server.port}`];
    const origins = [[], ['Origin: https://evil.com'], ['Origin: null']];
    const sites = [[], ['Sec-Fetch-Site: cross-site'], ['Sec-Fetch-Site: none']];
    let combinations = 0;
    for (const method of methods)
      for (const path of paths)
        for (const host of hosts)
          for (const origin of origins)
            for (const site of sites) {
              const answer = await send(request(`${method} ${path}`, [host, ...origin, ...site, 'Content-Length: 0']));
              const allowed =
                host === own() &&
                origin.length === 0 &&
                (site.length === 0 || (site[0]?.endsWith('none') && method === 'GET'));
              combinations++;
              if (allowed) expect([200, 202, 204, 400, 404, 405, 415]).toContain(statusOf(answer));
              else
                expect([method, path, host, origin, site, statusOf(answer), bodyOf(answer)]).toEqual([
                  method,
                  path,
                  host,
                  origin,
                  site,
                  403,
                  '',
                ]);
              expect(answer).not.toMatch(/access-control/i);
            }
    expect(combinations).toBe(405);
  });

  test('a body that is no JSON by its type is refused', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
    ]) {
      const answer = await send(
        request('POST /connectors', [own(), `Content-Type: ${type}`, `Content-Length: ${json.length}`], json),
      );
      expect(statusOf(answer)).toBe(415);
    }
    expect(counting.calls).toEqual([]);
  });

  test('answers can’t be run, framed, kept or guessed at', async () => {
    const answer = await send(request('GET /connectors', [own()]));
    for (const header of ['nosniff', "default-src 'none'", 'no-store', 'same-origin']) expect(answer).toContain(header);
  });
});

describe('a slow or lying client is cut', () => {
  test.each([
    ['64 KiB of headers', () => request('GET /connectors', [own(), `X: ${'x'.repeat(65_536)}`]), 431],
    [
      'both a length and chunks',
      () => request('POST /connectors', [own(), 'Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
      400,
    ],
    ['two lengths', () => request('POST /connectors', [own(), 'Content-Length: 3', 'Content-Length: 4'], 'abcd'), 400],
    [
      'a body of 100 MB by its length',
      () => request('POST /connectors', [own(), 'Content-Type: application/json', 'Content-Length: 100000000'], '{'),
      413,
    ],
    ['no HTTP at all', () => '\x16\x03\x01\x00\xa5\x01\x00\x00\r\n\r\n', 400],
  ])('%s', async (_, text, status) => {
    expect(statusOf(await send(text()))).toBe(status);
    expect(counting.calls).toEqual([]);
  });

  test('chunks without end are cut at the limit', async () => {
    const socket = await open();
    socket.write(request('POST /connectors', [own(), 'Content-Type: application/json', 'Transfer-Encoding: chunked']));
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    let sent = 0;
    let answer = '';
    socket.on('error', () => {});
    socket.on('data', (data) => (answer += data.toString('latin1')));
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    const more = () => {
      while (!socket.destroyed && answer === '' && sent < 50_000_000) {
        sent += 65_536;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    more();
    while (answer === '' && !socket.destroyed) await new Promise((resolve) => setImmediate(resolve));
    expect(statusOf(answer)).toBe(413);
    expect(sent).toBeLessThan(20_000_000);
    socket.destroy();
    await closed;
  });

  test('headers and bodies that trickle are cut in time while others are served', async () => {
    await server.close();
    server = await RestServer.listen({ port: 0, named: true, requestTimeoutMs: 500 });
    server.serve(app());
    const slow = await Promise.all(Array.from({ length: 200 }, () => open()));
    const start = performance.now();
    const closed = slow.map(
      (socket, i) =>
        new Promise<void>((resolve) => {
          socket.on('error', () => {});
          socket.on('data', () => {});
          socket.on('close', () => resolve());
          socket.write(
            i % 2 === 0
              ? `GET /connectors HTTP/1.1\r\n${own()}\r\nX: `
              : `POST /connectors HTTP/1.1\r\n${own()}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
          );
        }),
    );
    const trickle = setInterval(() => {
      for (const socket of slow) if (!socket.destroyed) socket.write('x');
    }, 100);
    expect(statusOf(await send(request('GET /connectors', [own()])))).toBe(200);
    await Promise.all(closed);
    clearInterval(trickle);
    // The check for late ones runs as often as the time itself is long, a second at most.
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(REQUEST_TIMEOUT_MS + 1_000).toBeLessThan(10_000);
  });
});

describe('the port', () => {
  test('one that is named and busy is an error that says so', async () => {
    const error = await RestServer.listen({ port: server.port, named: true }).catch((it: ConnectException) => it);
    expect(error).toMatchObject({ code: 'PORT_IN_USE', key: 'listeners' });
    expect((error as ConnectException).message).toBe(`Port ${server.port} for REST is in use by other programs`);
  });

  test('one that nobody named moves to the next free one, for IPv4 and IPv6 alike', async () => {
    const next = await RestServer.listen({ port: server.port, named: false });
    expect(next.port).toBeGreaterThan(server.port);
    expect(next.port).toBeLessThan(server.port + 100);
    await next.close();
  });

  test('it is given free by close', async () => {
    await server.close();
    const again = await RestServer.listen({ port: server.port, named: true });
    await again.close();
    server = await RestServer.listen({ port: 0, named: true });
  });

  test('until it is given its application it answers 503', async () => {
    const early = await RestServer.listen({ port: 0, named: true });
    const response = await fetch(early.url);
    expect([response.status, await response.text()]).toEqual([503, '']);
    await early.close();
  });
});
