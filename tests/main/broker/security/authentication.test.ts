import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Sandbox } from '../../../../main/broker/sandbox.ts';
import { silentLogger } from '../../../../main/logging.ts';
import {
  apiVersions,
  Errors,
  metadata,
  saslAuthenticate,
  saslHandshake,
} from '../../../../main/protocol/messages/index.ts';
import { freePort } from '../../../kit/apache-kafka.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { RawClient } from '../../../kit/raw-client.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';

const USERS = new Map([
  ['alice', 'open sesame'],
  ['bob,=', 'pä55'],
]);
let time: MockTime;
let sandbox: Sandbox;
let port: number;
let client: RawClient;

beforeEach(async () => {
  time = new MockTime(Date.now());
  port = await freePort();
  sandbox = await Sandbox.start({
    dataDir: '/sandbox',
    port: 0,
    shared: { host: '127.0.0.1', port, users: USERS },
    time,
    logger: silentLogger,
    randomBytes,
    lock: () => ({ release: () => {} }),
    fileSystem: new SimFileSystem(),
  });
  client = await RawClient.connect(port);
});
afterEach(async () => {
  client.close();
  await sandbox.close();
});

const handshake = async (mechanism: string) => (await client.request(saslHandshake, 1, { mechanism })).errorCode;
const send = (bytes: Buffer | string) => client.request(saslAuthenticate, 2, { authBytes: Buffer.from(bytes) });
const isServed = async () => (await client.request(metadata, 9, { topics: [] })).brokers.length === 1;

/** An answer that comes after the pause for who was wrong. */
async function refused(bytes: string) {
  const before = time.pending;
  const answer = send(bytes);
  await expect.poll(() => time.pending).toBeGreaterThan(before);
  await time.advance(100);
  return answer;
}

/** RFC 5802 from the client's side, written from the RFC. */
async function scram(hash: 'sha256' | 'sha512', name: string, password: string) {
  const escaped = name.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const first = `n=${escaped},r=client-nonce`;
  const serverFirst = (await send(`n,,${first}`)).authBytes.toString();
  const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
  expect(nonce!.startsWith('client-nonce')).toBe(true);
  const length = hash === 'sha256' ? 32 : 64;
  const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(iterations), length, hash);
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=${Buffer.from('n,,').toString('base64')},r=${nonce}`;
  const authMessage = `${first},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash(hash).update(clientKey).digest(), authMessage);
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64');
  const serverSignature = `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`;
  return { final: `${withoutProof},p=${proof}`, serverSignature };
}

describe('a client that shows who it is', () => {
  test('by name and password is served', async () => {
    expect(
      (await client.request(apiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' })).errorCode,
    ).toBe(0);
    expect(await handshake('PLAIN')).toBe(0);
    expect((await send('\0alice\0open sesame')).errorCode).toBe(0);
    expect(await isServed()).toBe(true);
  });

  test.each([
    ['SCRAM-SHA-256', 'sha256', 'alice'],
    ['SCRAM-SHA-512', 'sha512', 'bob,='],
  ] as const)('by %s is served, and sees that the broker knows its password', async (mechanism, hash, name) => {
    expect(await handshake(mechanism)).toBe(0);
    const { final, serverSignature } = await scram(hash, name, USERS.get(name)!);
    const answer = await send(final);
    expect([answer.errorCode, answer.authBytes.toString()]).toEqual([0, serverSignature]);
    expect(await isServed()).toBe(true);
  });
});

describe('a client that does not', () => {
  test.each([
    ['a wrong password', '\0alice\0open says me'],
    ['an unknown name', '\0mallory\0open sesame'],
    ['another identity than its own', 'bob,=\0alice\0open sesame'],
    ['no password', '\0alice\0'],
  ])('%s: is told so and goes', async (_, message) => {
    await handshake('PLAIN');
    const answer = await refused(message);
    expect(answer.errorCode).toBe(Errors.SASL_AUTHENTICATION_FAILED);
    expect(answer.errorMessage).not.toContain('open');
    await client.closed;
  });

  test.each(['alice', 'mallory'])('a wrong password of %s by SCRAM is told at the end, known or not', async (name) => {
    await handshake('SCRAM-SHA-256');
    const { final } = await scram('sha256', name, 'guess');
    const answer = await refused(final);
    expect([answer.errorCode, answer.errorMessage]).toEqual([
      Errors.SASL_AUTHENTICATION_FAILED,
      'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256',
    ]);
    await client.closed;
  });

  test('asks for anything before is cut off', async () => {
    await expect(isServed()).rejects.toThrow('The connection was closed');
  });

  test('sends a large frame before is cut off', async () => {
    await expect(send(Buffer.alloc(600_000))).rejects.toThrow('The connection was closed');
  });

  test('names a mechanism that is not served is told which are', async () => {
    const answer = await client.request(saslHandshake, 1, { mechanism: 'GSSAPI' });
    expect(answer).toMatchObject({
      errorCode: Errors.UNSUPPORTED_SASL_MECHANISM,
      mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    });
    await client.closed;
  });

  test('says nothing for half a minute is cut off', async () => {
    await handshake('PLAIN');
    await time.advance(30_000);
    await client.closed;
  });
});

test('on this machine nobody is asked', async () => {
  client.close();
  client = await RawClient.connect(sandbox.port);
  expect(await isServed()).toBe(true);
  expect(await handshake('PLAIN')).toBe(Errors.ILLEGAL_SASL_STATE);
});
