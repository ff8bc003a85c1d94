import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../common/logger.ts';
import { ConnectRest } from '../../../main/connect/connect-rest.ts';
import { workerConfig } from '../../../main/connect/runtime/worker-config.ts';
import { createLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { type Certificate, makeCertificate } from '../../kit/certificates.ts';
import { FakeHerder } from '../../kit/fake-herder.ts';
import { needs } from '../../kit/needs.ts';

const EXTENSION = 'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';
const ADA = `Basic ${Buffer.from('ada:lovelace').toString('base64')}`;
const AUTH = { 'rest.extension.classes': EXTENSION };

let folder: string;
let certificate: Certificate;
let kafkaOpts: string;
let entries: LogEntry[] = [];
const running: ConnectRest[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-connect-rest-'));
  const [jaas, users] = [join(folder, 'jaas.conf'), join(folder, 'users.properties')];
  writeFileSync(users, 'ada=lovelace\n');
  writeFileSync(
    jaas,
    `KafkaConnect { org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required file="${users}"; };`,
  );
  kafkaOpts = `-Djava.security.auth.login.config=${jaas}`;
  if (needs('openssl') === undefined) certificate = makeCertificate(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const rest of running.splice(0)) await rest.close();
  entries = [];
});

async function start(properties: Record<string, string>): Promise<ConnectRest> {
  const converter = 'org.apache.kafka.connect.storage.StringConverter';
  const rest = await ConnectRest.listen({
    worker: workerConfig({
      'bootstrap.servers': 'memory:9092',
      'key.converter': converter,
      'value.converter': converter,
      ...properties,
    }),
    defaultPort: 0,
    kafkaOpts,
    time: systemTime,
    logger: createLogger({ time: systemTime, write: (entry) => entries.push(entry) }),
  });
  running.push(rest);
  rest.serve(new FakeHerder().herder(), 'c0ffee');
  return rest;
}

interface Reply {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

function ask(url: string, options: RequestOptions = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const trust = url.startsWith('https') ? { ca: readFileSync(certificate.cert) } : {};
    const sent = (url.startsWith('https') ? httpsRequest : httpRequest)(url, { agent: false, ...trust, ...options });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    sent.end();
  });
}
const status = async (url: string, options?: RequestOptions) => (await ask(url, options)).status;
const pem = () => ({ 'listeners.https.ssl.keystore.location': join(folder, 'both.pem') });

describe('listeners', () => {
  test('two of them serve the same; the first is the worker’s address', async () => {
    const rest = await start({ listeners: 'http://127.0.0.1:0,http://localhost:0' });
    const { rest: urls } = rest.urls;
    expect(await Promise.all(urls.map((url) => status(`${url}/connectors`)))).toEqual([200, 200]);
    expect(rest.workerId).toBe(new URL(urls[0] as string).host);
    expect(rest.url).toBe(urls[0]);
  });

  test('an advertised name and port are those of the worker', async () => {
    const rest = await start({
      listeners: 'http://127.0.0.1:0',
      'rest.advertised.host.name': 'worker-1',
      'rest.advertised.port': '80',
    });
    expect(rest.workerId).toBe('worker-1:80');
  });

  test('all addresses without TLS and credentials are this machine alone, and that is said', async () => {
    const rest = await start({ listeners: 'http://0.0.0.0:0' });
    expect(entries.map(({ level, text }) => `${level} ${text}`)).toEqual([
      'WARN http://0.0.0.0:0 in listeners is served on this machine only, at 127.0.0.1 and [::1]: from other machines it takes https and credentials',
    ]);
    const { port } = new URL(rest.url as string);
    for (const address of ownAddresses())
      await expect(ask(`http://${address}:${port}/`)).rejects.toThrow('ECONNREFUSED');
  });

  test.each([
    ['', 'at least one URL is expected'],
    ['http://localhost:0,nope', "doesn't have the right format"],
    ['https://localhost:0', 'An https listener needs a key'],
    ['http://192.0.2.1:8083', 'would be reached from other machines'],
  ])('listeners=%s is refused, and nothing stays open', async (listeners, message) => {
    await expect(start({ listeners })).rejects.toThrow(message);
  });
});

describe('admin.listeners', () => {
  test('serve the loggers alone, and the others no more', async () => {
    const rest = await start({ listeners: 'http://127.0.0.1:0', 'admin.listeners': 'http://127.0.0.1:0' });
    const [admin] = rest.urls.admin;
    expect(await status(`${admin}/admin/loggers`)).toBe(200);
    expect(await status(`${admin}/connectors`)).toBe(404);
    expect(await status(`${rest.url}/admin/loggers`)).toBe(404);
    expect(await status(`${rest.url}/connectors`)).toBe(200);
  });

  test('none: the loggers are off; not set: they are with the rest', async () => {
    const off = await start({ listeners: 'http://127.0.0.1:0', 'admin.listeners': '' });
    expect(await status(`${off.url}/admin/loggers`)).toBe(404);
    const on = await start({ listeners: 'http://127.0.0.1:0' });
    expect(await status(`${on.url}/admin/loggers`)).toBe(200);
  });

  test('want the same credentials', async () => {
    const rest = await start({ listeners: 'http://127.0.0.1:0', 'admin.listeners': 'http://127.0.0.1:0', ...AUTH });
    const [admin] = rest.urls.admin;
    expect(await status(`${admin}/admin/loggers`)).toBe(401);
    expect(await status(`${admin}/admin/loggers`, { headers: { authorization: ADA } })).toBe(200);
  });
});

describe('basic authentication', () => {
  test('every request needs it, and is answered as without it then', async () => {
    const rest = await start({ listeners: 'http://127.0.0.1:0', ...AUTH });
    for (const path of ['/', '/health', '/connectors', '/nope', '/admin/loggers']) {
      const refused = await ask(`${rest.url}${path}`);
      expect([refused.status, JSON.parse(refused.body)]).toEqual([
        401,
        { error_code: 401, message: 'User cannot access the resource.' },
      ]);
      expect(refused.headers['www-authenticate']).toBe('Basic realm="KafkaConnect"');
    }
    expect(await status(`${rest.url}/connectors`, { headers: { authorization: ADA } })).toBe(200);
    expect(await status(`${rest.url}/connectors`, { method: 'OPTIONS' })).toBe(401);
  });

  test('another extension is refused: whoever named it counts on it', async () => {
    await expect(start({ 'rest.extension.classes': 'com.example.Audit' })).rejects.toThrow('com.example.Audit');
  });
});

test('response.http.headers.config is in every answer', async () => {
  const rest = await start({
    listeners: 'http://127.0.0.1:0',
    'response.http.headers.config': 'add X-A: b, "set Cache-Control: no-cache, no-store"',
  });
  for (const path of ['/connectors', '/nope']) {
    const { headers } = await ask(`${rest.url}${path}`);
    expect([headers['x-a'], headers['cache-control']]).toEqual(['b', 'no-cache, no-store']);
  }
});

describe.skipIf(needs('openssl'))('https', () => {
  beforeAll(() => {
    writeFileSync(
      join(folder, 'both.pem'),
      readFileSync(certificate.key, 'utf8') + readFileSync(certificate.cert, 'utf8'),
    );
    const inputs = ['-inkey', certificate.key, '-in', certificate.cert];
    execFileSync('openssl', [
      'pkcs12',
      '-export',
      ...inputs,
      '-out',
      join(folder, 'k.p12'),
      '-passout',
      'pass:changeit',
    ]);
    const trusted = ['-nokeys', '-in', certificate.cert, '-out', join(folder, 'trust.p12')];
    execFileSync('openssl', ['pkcs12', '-export', ...trusted, '-passout', 'pass:changeit']);
    execFileSync('openssl', [
      'pkcs8',
      '-topk8',
      '-in',
      certificate.key,
      '-out',
      join(folder, 'secret.pem'),
      '-passout',
      'pass:pw',
    ]);
  });
  const port = (rest: ConnectRest) => new URL(rest.url as string).port;

  test.each([
    ['a PEM file', () => pem()],
    [
      'a PKCS12 file',
      () => ({
        'listeners.https.ssl.keystore.location': join(folder, 'k.p12'),
        'listeners.https.ssl.keystore.password': 'changeit',
      }),
    ],
    [
      'settings without the prefix',
      () => ({ 'ssl.keystore.location': join(folder, 'k.p12'), 'ssl.keystore.password': 'changeit' }),
    ],
    [
      'PEM in the settings, the key encrypted',
      () => ({
        'listeners.https.ssl.keystore.key': readFileSync(join(folder, 'secret.pem'), 'utf8'),
        'listeners.https.ssl.keystore.certificate.chain': readFileSync(certificate.cert, 'utf8'),
        'listeners.https.ssl.key.password': 'pw',
      }),
    ],
  ])('by %s', async (_, settings) => {
    const rest = await start({ listeners: 'https://localhost:0', ...settings() });
    expect(await status(`https://localhost:${port(rest)}/connectors`)).toBe(200);
    expect(rest.workerId).toBe(`127.0.0.1:${port(rest)}`);
    await expect(ask(`http://localhost:${port(rest)}/connectors`)).rejects.toThrow();
  });

  test('beside http, and for the admin listeners by their own settings', async () => {
    const rest = await start({
      listeners: 'http://localhost:0,https://localhost:0',
      'admin.listeners': 'https://localhost:0',
      ...pem(),
      'admin.listeners.https.ssl.keystore.location': join(folder, 'k.p12'),
      'admin.listeners.https.ssl.keystore.password': 'changeit',
    });
    const [http, https] = rest.urls.rest;
    const [admin] = rest.urls.admin;
    expect(await Promise.all([http, https].map((url) => status(`${url}/connectors`)))).toEqual([200, 200]);
    expect(await status(`${admin}/admin/loggers/root`)).toBe(200);
    expect(rest.workerId).toBe(new URL(http as string).host);
  });

  test.each([
    ['PEM', () => ({ 'listeners.https.ssl.truststore.location': certificate.cert })],
    [
      'PKCS12',
      () => ({
        'listeners.https.ssl.truststore.location': join(folder, 'trust.p12'),
        'listeners.https.ssl.truststore.password': 'changeit',
      }),
    ],
  ])('ssl.client.auth=required lets in who shows a certificate of the trust store (%s)', async (_, trust) => {
    const rest = await start({
      listeners: 'https://localhost:0',
      ...pem(),
      ...trust(),
      'listeners.https.ssl.client.auth': 'required',
    });
    const url = `https://localhost:${port(rest)}/connectors`;
    await expect(ask(url)).rejects.toThrow();
    const own = { key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) };
    expect(await status(url, own)).toBe(200);
  });

  test('ssl.enabled.protocols, ssl.protocol and ssl.cipher.suites say what a client may speak', async () => {
    const suite = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    const old = await start({ listeners: 'https://localhost:0', ...pem(), 'listeners.https.ssl.cipher.suites': suite });
    const at = (rest: ConnectRest) => `https://localhost:${port(rest)}/connectors`;
    expect(await status(at(old), { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).toBe(200);
    await expect(ask(at(old), { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).rejects.toThrow();
    const strict = await start({
      listeners: 'https://localhost:0',
      ...pem(),
      'listeners.https.ssl.enabled.protocols': '',
      'listeners.https.ssl.protocol': 'TLSv1.3',
    });
    expect(await status(at(strict))).toBe(200);
    await expect(ask(at(strict), { maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });

  test.each([
    ['a wrong password', () => ({ 'ssl.keystore.location': join(folder, 'k.p12'), 'ssl.keystore.password': 'x' })],
    ['a file that is not there', () => ({ 'ssl.keystore.location': join(folder, 'none') })],
    ['an unknown ssl.client.auth', () => ({ ...pem(), 'listeners.https.ssl.client.auth': 'maybe' })],
    ['a protocol of old', () => ({ ...pem(), 'listeners.https.ssl.enabled.protocols': 'SSLv3' })],
    ['a cipher suite of nowhere', () => ({ ...pem(), 'listeners.https.ssl.cipher.suites': 'TLS_ROT13' })],
  ])('%s is an error at the start', async (_, settings) => {
    await expect(start({ listeners: 'https://localhost:0', ...settings() })).rejects.toThrow(
      /password was incorrect|load|it can be|not known here/,
    );
  });

  test('an error names the key as the person wrote it', async () => {
    const none = { 'listeners.https.ssl.keystore.location': join(folder, 'k.p12') };
    await expect(start({ listeners: 'https://localhost:0', ...none })).rejects.toMatchObject({
      key: 'listeners.https.ssl.keystore.password',
      hint: 'Check listeners.https.ssl.keystore.password and listeners.https.ssl.key.password.',
    });
  });

  test('a store in Java’s own format is refused with the command that converts it', async () => {
    const jks = join(folder, 'k.jks');
    writeFileSync(jks, Buffer.from('feedfeed00000002', 'hex'));
    const settings = { 'ssl.keystore.location': jks, 'ssl.keystore.password': 'x' };
    await expect(start({ listeners: 'https://localhost:0', ...settings })).rejects.toMatchObject({
      key: 'ssl.keystore.location',
      message: expect.stringContaining('keytool -importkeystore'),
    });
  });

  test('with credentials other machines may reach it, by the machine’s names and no others', async () => {
    const rest = await start({
      listeners: 'https://0.0.0.0:0',
      ...pem(),
      ...AUTH,
      'rest.advertised.host.name': 'worker-1',
    });
    const anyName = { rejectUnauthorized: false, servername: 'localhost' };
    const at = (host: string, authorization?: string) =>
      status(`https://127.0.0.1:${port(rest)}/connectors`, {
        ...anyName,
        headers: { host: `${host}:${port(rest)}`, ...(authorization ? { authorization } : {}) },
      });
    for (const address of ownAddresses())
      expect(
        await status(`https://${address}:${port(rest)}/connectors`, { ...anyName, headers: { authorization: ADA } }),
      ).toBe(200);
    expect(await at('worker-1', ADA)).toBe(200);
    expect(await at('worker-1')).toBe(401);
    // DNS rebinding: a page's own name that leads here.
    expect(await at('evil.com', ADA)).toBe(403);
    expect(await at('worker-1.evil.com', ADA)).toBe(403);
  });
});

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((it) => it ?? []);
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
}
