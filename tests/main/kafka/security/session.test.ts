import { afterEach, expect, test } from 'vitest';
import { Connection } from '../../../../main/kafka/cluster/connection.ts';
import { Plain } from '../../../../main/kafka/security/sasl/plain.ts';
import { heartbeat, saslAuthenticate, saslHandshake } from '../../../../main/protocol/messages/index.ts';
import { FakeBroker } from '../../../kit/fake-broker.ts';
import { MockTime } from '../../../kit/mock-time.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const SESSION_MS = 10_000;
const beat = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null };

/** A broker that takes the password `right`, and says when SaslAuthenticate is answered. */
async function broker(password: () => string): Promise<FakeBroker> {
  const made = await new FakeBroker().start();
  closing.push(() => made.stop());
  let beats = 0;
  return made
    .on(saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }))
    .on(saslAuthenticate, ({ authBytes }) =>
      String(authBytes) === `\0u\0${password()}`
        ? { errorCode: 0, errorMessage: null, authBytes: Buffer.alloc(0), sessionLifetimeMs: BigInt(SESSION_MS) }
        : {
            errorCode: 58,
            errorMessage: 'Authentication failed: Invalid username or password',
            authBytes: Buffer.alloc(0),
          },
    )
    .on(heartbeat, () => ({ errorCode: beats++ }));
}

async function open(port: number, time: MockTime): Promise<Connection> {
  const connection = await Connection.open({
    address: { host: '127.0.0.1', port },
    clientId: 'test',
    setupTimeoutMs: 1_500,
    requestTimeoutMs: 60_000,
    maxResponseBytes: 1_000_000,
    security: { tls: null, sasl: new Plain('u', 'right') },
    time,
  });
  closing.push(() => connection.close());
  return connection;
}

const EXCHANGE = ['SaslHandshake', 'SaslAuthenticate'];

test('a session is begun again before its end, and requests wait for that in their order', async () => {
  const time = new MockTime();
  const on = await broker(() => 'right');
  const connection = await open(on.port, time);
  expect(on.received).toEqual(['ApiVersions', ...EXCHANGE]);
  await connection.request(heartbeat, beat);
  expect(on.received.slice(3)).toEqual(['Heartbeat']);
  await time.advance(SESSION_MS * 0.9);
  const answers = await Promise.all([1, 2, 3].map(() => connection.request(heartbeat, beat)));
  expect(on.received.slice(4)).toEqual([...EXCHANGE, 'Heartbeat', 'Heartbeat', 'Heartbeat']);
  expect(answers.map(({ errorCode }) => errorCode)).toEqual([1, 2, 3]);
  await connection.request(heartbeat, beat);
  expect(on.received.slice(9)).toEqual(['Heartbeat']);
});

test('when the credential is refused by then, those that wait are told, and nothing is sent', async () => {
  const time = new MockTime();
  let password = 'right';
  const on = await broker(() => password);
  const connection = await open(on.port, time);
  password = 'another';
  await time.advance(SESSION_MS);
  for (const refused of await Promise.allSettled([1, 2].map(() => connection.request(heartbeat, beat)))) {
    expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'SaslAuthenticationException' } });
  }
  expect(on.received).not.toContain('Heartbeat');
  expect(connection.error).toMatchObject({ name: 'SaslAuthenticationException' });
});
