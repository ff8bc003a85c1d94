import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../kit/apache-kafka.ts';
import { MockTime } from '../../kit/mock-time.ts';
import { type ProgramInput, runInProcess } from '../../kit/run-program.ts';
import { type ReceivedRequest, type ScriptedAnswer, ScriptedConnect } from '../../kit/scripted-connect.ts';

const servers: ScriptedConnect[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-connect-client-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(...args: Parameters<typeof ScriptedConnect.start>): Promise<ScriptedConnect> {
  const server = await ScriptedConnect.start(...args);
  servers.push(server);
  return server;
}

const EMPTY = (): ScriptedAnswer => ({ body: {} });
const list = (url: string, input?: ProgramInput) => runInProcess(['connect', 'list', '--url', url], input);

/** Time that passes as soon as it is waited for. */
class HastyTime extends MockTime {
  override timer(delayMs: number, callback: () => void) {
    if (delayMs >= 10_000) return super.timer(delayMs, callback);
    const timer = super.timer(delayMs, callback);
    setImmediate(() => this.advance(delayMs));
    return timer;
  }
}

describe('which worker is asked', () => {
  test('--url goes before RUNNEL_CONNECT_URL, which goes before the ports of the data folder', async () => {
    const [first, second, third] = [await serve(EMPTY), await serve(EMPTY), await serve(EMPTY)];
    writeFileSync(join(folder, 'ports.json'), JSON.stringify({ sandbox: null, rest: { port: third.port, pid: 1 } }));
    const env = { RUNNEL_HOME: folder, RUNNEL_CONNECT_URL: second.url };
    expect((await list(first.url, { env })).stderr).toBe(`No connectors at ${first.url}.\n`);
    expect((await runInProcess(['connect', 'list'], { env })).stderr).toBe(`No connectors at ${second.url}.\n`);
    const local = await runInProcess(['connect', 'list'], { env: { RUNNEL_HOME: folder } });
    expect(local.stderr).toBe(`No connectors at ${third.url}.\n`);
    const named = await runInProcess(['connect', '--data-dir', folder, 'list']);
    expect(named.stderr).toBe(`No connectors at ${third.url}.\n`);
  });

  test.each(['', '{"sandbox":', '{"rest":null}', '[]'])(
    'ports.json that is %j means the default port',
    async (text) => {
      if (text !== '') writeFileSync(join(folder, 'ports.json'), text);
      const { stderr } = await runInProcess(['connect', 'list', '--data-dir', folder]);
      expect(stderr).toContain('http://127.0.0.1:8083');
    },
  );

  test('an address needs no scheme, keeps its path, and may end in a slash', async () => {
    const server = await serve(EMPTY);
    await list(`127.0.0.1:${server.port}/connect/`);
    expect(server.requests.map(({ path }) => path)).toEqual(['/connect/connectors?expand=info&expand=status']);
  });

  test('of several workers the first that can be reached is asked', async () => {
    const server = await serve(EMPTY);
    const { code, stderr } = await list(`http://127.0.0.1:${await freePort()},${server.url}`);
    expect([code, stderr]).toEqual([0, `No connectors at ${server.url}.\n`]);
  });

  test.each(['ftp://x', 'http://', 'http://x?y=1', 'a b'])('%s is no address', async (url) => {
    expect(await list(url)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--url is no address of a worker'),
    });
  });
});

describe('what cannot be asked is said in a sentence', () => {
  test('nothing listens: exit code 2', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await list(url)).toEqual({
      code: 2,
      stdout: '',
      stderr: `No worker answers at ${url} (nothing listens there). Start Runnel or a worker (runnel connect-standalone), or name another one with --url or RUNNEL_CONNECT_URL.\n`,
    });
  });

  test('a host name that is not known', async () => {
    const { code, stderr } = await list('http://nowhere.invalid:8083');
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere.invalid is not known here')]);
  });

  test.each<[string, ScriptedAnswer]>([
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' }],
    ['a web page that is not found', { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['a gateway without a worker', { status: 502, headers: { 'content-type': 'text/html' }, body: 'Bad Gateway' }],
    ['JSON of something else', { status: 500, body: { error: 'x' } }],
  ])('%s is no worker', async (_, answer) => {
    const server = await serve(() => answer);
    const { code, stderr } = await list(server.url);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`What answers at ${server.url} is no Kafka Connect worker`),
    ]);
  });

  test('what speaks another protocol', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await list(`http://127.0.0.1:${port}`);
    server.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not speak HTTP')]);
  });

  test('one that never answers, after --timeout', async () => {
    const server = await serve(() => new Promise(() => {}));
    const { code, stderr } = await runInProcess(['connect', 'list', '--url', server.url, '--timeout', '0.05']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${server.url} did not answer in time`)]);
  });

  test('a refusal of the guard, which says nothing itself', async () => {
    const server = await serve(() => ({ status: 403, headers: {} }));
    const { code, stderr } = await list(server.url);
    expect([code, stderr]).toEqual([1, expect.stringContaining('A Runnel worker answers only to the names localhost')]);
  });

  test('an answer that sends elsewhere is not followed', async () => {
    const server = await serve(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }));
    expect((await list(server.url)).stderr).toContain(
      'sends GET /connectors?expand=info&expand=status elsewhere (HTTP 302)',
    );
  });

  test("Connect's own sentence, as it is", async () => {
    const body = { error_code: 500, message: 'Request timed out. The worker is currently ensuring membership' };
    const server = await serve(() => ({ status: 500, body }));
    expect(await list(server.url)).toEqual({ code: 1, stdout: '', stderr: `${body.message}.\n` });
  });

  test('Ctrl-C while it waits ends it without a word: exit code 130', async () => {
    const stop = new AbortController();
    const server = await serve(() => {
      stop.abort();
      return new Promise(() => {});
    });
    const run = await list(server.url, { surroundings: { signal: stop.signal } });
    expect(run).toEqual({ code: 130, stdout: '', stderr: '' });
  });
});

describe('what passes is waited for', () => {
  const STARTING: ScriptedAnswer = {
    status: 404,
    headers: { 'content-type': 'text/html;charset=iso-8859-1', server: 'Jetty(12.0.34)' },
    body: '<html><h2>HTTP ERROR 404 Not Found</h2></html>',
  };
  const rebalancing = (message: string): ScriptedAnswer => ({ status: 409, body: { error_code: 409, message } });

  test.each<[string, ScriptedAnswer]>([
    ['is still starting', STARTING],
    [
      'says that its cluster is rebalancing',
      rebalancing('Cannot complete request because of a conflicting operation (e.g. worker rebalance)'),
    ],
    [
      'says that its cluster is rebalancing',
      rebalancing(
        'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)',
      ),
    ],
  ])('a worker that %s is asked again, and the person is told once', async (why, answer) => {
    const server = await serve((_, count) => (count < 4 ? answer : { body: {} }));
    const { code, stderr } = await list(server.url, { surroundings: { time: new HastyTime() } });
    expect(code).toBe(0);
    expect(stderr).toBe(`${server.url} ${why}; asking again for up to 30 s\nNo connectors at ${server.url}.\n`);
    expect(server.requests.length).toBe(4);
  });

  test('but not for ever', async () => {
    const server = await serve(() => STARTING);
    const { code, stderr } = await list(server.url, { surroundings: { time: new HastyTime() } });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`The worker at ${server.url} is still starting`)]);
  });

  test('a connector that exists is 409 too, and final', async () => {
    const message = 'Connector rebalance already exists';
    const server = await serve(() => ({ status: 409, body: { error_code: 409, message } }));
    const { stderr } = await runInProcess(['connect', 'create', '-', '--url', server.url], {
      stdin: 'name=rebalance\nconnector.class=X\n',
    });
    expect([stderr, server.requests.length]).toEqual([`${message}.\n`, 1]);
  });
});

describe('who asks', () => {
  const authorized = ({ headers }: ReceivedRequest): ScriptedAnswer =>
    headers.authorization === `Basic ${Buffer.from('ann:s3:cret').toString('base64')}`
      ? { body: {} }
      : { status: 401, headers: { 'www-authenticate': 'Basic' }, body: 'User cannot access the resource.' };

  test.each<[string, string[], ProgramInput]>([
    ['a file', ['--user', 'ann', '--password-file', 'FILE'], {}],
    ['the environment', ['--user', 'ann'], { env: { RUNNEL_CONNECT_PASSWORD: 's3:cret' } }],
    ['the environment, the user too', [], { env: { RUNNEL_CONNECT_USER: 'ann', RUNNEL_CONNECT_PASSWORD: 's3:cret' } }],
    ['the terminal', ['--user', 'ann'], { answers: ['s3:cret'] }],
  ])('the password comes from %s', async (_, args, input) => {
    writeFileSync(join(folder, 'password'), 's3:cret\n');
    const server = await serve(authorized);
    const given = args.map((arg) => (arg === 'FILE' ? join(folder, 'password') : arg));
    const { code } = await runInProcess(['connect', 'list', '--url', server.url, ...given], input);
    expect(code).toBe(0);
  });

  test('a password in RUNNEL_CONNECT_URL is used and never shown', async () => {
    const server = await serve(authorized);
    const url = server.url.replace('://', '://ann:s3%3Acret@');
    const { code, stderr } = await runInProcess(['connect', 'list'], { env: { RUNNEL_CONNECT_URL: url } });
    expect([code, stderr]).toEqual([0, `No connectors at ${server.url}.\n`]);
  });

  test('without any, and with a wrong one, the worker’s wish is said', async () => {
    const server = await serve(authorized);
    expect((await list(server.url)).stderr).toContain(`${server.url} wants a user and a password. Give --user`);
    const wrong = await list(server.url, { env: { RUNNEL_CONNECT_USER: 'ann', RUNNEL_CONNECT_PASSWORD: 'no' } });
    expect(wrong.stderr).toContain('wants a user and a password, and not these');
    const nobody = await runInProcess(['connect', 'list', '--url', server.url, '--user', 'ann']);
    expect(nobody.stderr).toContain('A password for ann is missing');
  });
});

describe('TLS', () => {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const pem = (name: string) => readFileSync(join(folder, name), 'utf8');
  const certificate = (name: string, subject: string) => {
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    openssl(
      ...made,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${subject}`,
      '-addext',
      `subjectAltName=DNS:${subject}`,
    );
  };

  test('an authority of the person’s own, and a certificate for the worker', async () => {
    mkdirSync(folder, { recursive: true });
    certificate('server', 'localhost');
    certificate('client', 'ann');
    const tls = { cert: pem('server.pem'), key: pem('server.key'), ca: pem('client.pem'), requestCert: true };
    const server = await serve(EMPTY, { ...tls, rejectUnauthorized: true });
    const url = `https://localhost:${server.port}`;
    const run = (...args: string[]) => runInProcess(['connect', 'list', '--url', url, ...args]);
    const ca = ['--cacert', join(folder, 'server.pem')];
    const own = ['--cert', join(folder, 'client.pem'), '--key', join(folder, 'client.key')];
    expect(await run(...ca, ...own)).toMatchObject({ code: 0, stderr: `No connectors at ${url}.\n` });
    expect((await run(...own)).stderr).toContain(`The certificate of localhost:${server.port} is not trusted`);
    expect((await run(...ca)).code).toBe(2);
    expect((await run(...ca, '--cert', join(folder, 'client.pem'))).stderr).toContain(
      '--cert and --key belong together',
    );
    expect((await run('--cacert', join(folder, 'absent'))).stderr).toContain("Can't read");
    const byAddress = await runInProcess([
      'connect',
      'list',
      '--url',
      `https://127.0.0.1:${server.port}`,
      ...ca,
      ...own,
    ]);
    expect(byAddress.stderr).toContain('is for another name');
    const plain = await runInProcess(['connect', 'list', '--url', `http://localhost:${server.port}`]);
    expect(plain.code).toBe(2);
  });
});
