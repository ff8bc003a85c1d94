import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaClients } from '../../main/kafka/index.ts';
import { silentLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import { freePort, runJava } from '../kit/apache-kafka.ts';
import { makeCertificate } from '../kit/certificates.ts';
import { needs } from '../kit/needs.ts';
import { toItsEnd, tracked } from '../kit/run-command.ts';
import { runInProcess } from '../kit/run-program.ts';
import { runRunnel, spawnRunnel } from '../kit/runnel.ts';

const missing = needs('openssl');
let folder: string;
let sandbox: ChildProcess;
let port: number;
let cert: string;
let key: string;
let users: string;

beforeAll(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'shared-sandbox-'));
  ({ cert, key } = makeCertificate(folder));
  users = join(folder, 'users');
  writeFileSync(users, '# the workshop\nalice=open sesame\nbob=b=b\n');
  port = await freePort();
  sandbox = spawnRunnel([
    ...['sandbox', '--port', '0', '--data-dir', join(folder, 'data'), '--share', `127.0.0.1:${port}`],
    ...['--share-key', key, '--share-cert', cert, '--share-users', users],
  ]);
  await new Promise<void>((resolve, reject) => {
    sandbox.stdout?.on('data', (text) => String(text).includes('It is open on') && resolve());
    sandbox.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}`)));
  });
});
afterAll(async () => {
  if (missing) return;
  const ended = new Promise((resolve) => sandbox.once('exit', resolve));
  sandbox.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(missing ?? needs('kcat'))('kcat', () => {
  const kcat = (mechanism: string, name: string, password: string, args: string[], input?: string) =>
    toItsEnd(
      tracked(
        spawn('kcat', [
          ...['-b', `localhost:${port}`, '-X', 'security.protocol=SASL_SSL', '-X', `ssl.ca.location=${cert}`],
          ...['-X', `sasl.mechanism=${mechanism}`, '-X', `sasl.username=${name}`, '-X', `sasl.password=${password}`],
          ...args,
        ]),
      ),
      input,
    );

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('writes and reads by %s', async (mechanism) => {
    const topic = mechanism.toLowerCase();
    expect((await kcat(mechanism, 'alice', 'open sesame', ['-P', '-t', topic], 'a\nb\n')).code).toBe(0);
    const read = await kcat(mechanism, 'bob', 'b=b', ['-C', '-t', topic, '-o', 'beginning', '-e', '-q']);
    expect(String(read.stdout)).toBe('a\nb\n');
  });

  test('is refused with a wrong password', async () => {
    const { code, stderr } = await kcat('SCRAM-SHA-256', 'alice', 'guess', ['-L', '-m', '5']);
    expect(code).not.toBe(0);
    expect(String(stderr)).toContain('invalid credentials');
  });
});

/** A file of client settings for SASL_SSL. */
function clientProperties(password: string): string {
  const config = join(folder, 'client.properties');
  writeFileSync(
    config,
    [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-512',
      `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="${password}";`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${cert}`,
    ].join('\n'),
  );
  return config;
}

test.skipIf(missing)('Runnel’s tools administer it by SASL_SSL, and say when they are refused', async () => {
  const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
  const run = (password: string, command: string, ...args: string[]) => {
    const where = ['--bootstrap-server', `localhost:${port}`, '--command-config', clientProperties(password)];
    return runInProcess([command, ...where, ...args], { surroundings: { loadClients: async () => clients } });
  };
  const offsets = join(folder, 'offsets.json');
  writeFileSync(offsets, '{"partitions":[{"topic":"by-runnel","partition":0,"offset":0}]}');
  const lines: readonly (readonly [expected: string, command: string, ...args: string[]])[] = [
    ['Created topic by-runnel.', 'topics', '--create', '--topic', 'by-runnel'],
    ['Completed updating config', 'configs', '--alter', '--topic', 'by-runnel', '--add-config', 'retention.ms=1'],
    ['retention.ms=1 ', 'configs', '--describe', '--topic', 'by-runnel'],
    ['low_watermark: 0', 'delete-records', '--offset-json-file', offsets],
    ['by-runnel:0:0', 'get-offsets', '--topic', 'by-runnel'],
    [
      'NEW-OFFSET',
      'consumer-groups',
      '--reset-offsets',
      '--group',
      'g',
      '--topic',
      'by-runnel',
      '--to-latest',
      '--execute',
    ],
    ['LOG-END-OFFSET', 'consumer-groups', '--describe', '--group', 'g'],
  ];
  for (const [expected, ...args] of lines) {
    const [command, ...rest] = args as [string, ...string[]];
    const { code, stdout, stderr } = await run('open sesame', command, ...rest);
    expect([code, stdout], stderr).toEqual([0, expect.stringContaining(expected)]);
  }
  for (const [command, action] of [
    ['topics', '--list'],
    ['consumer-groups', '--list'],
    ['get-offsets', '--time=-1'],
  ] as const) {
    const { stdout, stderr } = await run('guess', command, action);
    expect(`${stdout}${stderr}`).toMatch(/authentication|password/i);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
});

test.skipIf(missing ?? needs('kafka'))('Kafka’s own tools administer it by SASL_SSL', async () => {
  const config = clientProperties('open sesame');
  const topics = (...args: string[]) =>
    runJava('org.apache.kafka.tools.TopicCommand', [
      ...['--bootstrap-server', `localhost:${port}`, '--command-config', config, ...args],
    ]);
  const created = await topics('--create', '--topic', 'by-java', '--partitions', '2');
  expect(created.code, String(created.stderr)).toBe(0);
  expect(String((await topics('--list')).stdout)).toContain('by-java');
});

test.each([
  ['TLS and users', ['--share', '0.0.0.0:9094'], '--share needs --share-key, --share-cert and --share-users'],
  ['an address', ['--share', 'here', '--share-insecurely'], '--share is no address with a port: here'],
  [
    'a file',
    ['--share', '0.0.0.0:9094', '--share-key', '/nowhere', '--share-cert', '/nowhere', '--share-users', '/nowhere'],
    "--share-key can't be read",
  ],
  ['--share', ['--share-insecurely'], '--share is missing'],
])('without %s it does not start, and says what to do', async (_, args, says) => {
  const { code, stderr } = await runRunnel(['sandbox', '--port', '0', ...args]);
  expect(code).toBe(1);
  expect(String(stderr)).toContain(says);
});
