import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { traceOf } from '../../../../common/errors.ts';
import type { ClientConfig } from '../../../../main/kafka/api.ts';
import { parseClientConfig } from '../../../../main/kafka/client-config.ts';
import { Connection } from '../../../../main/kafka/cluster/connection.ts';
import { kafkaClients, type OwnedKafkaClients } from '../../../../main/kafka/index.ts';
import { securityOf } from '../../../../main/kafka/security/security.ts';
import { metadata } from '../../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../../main/time.ts';
import { type ApacheKafka, startApacheKafka } from '../../../kit/apache-kafka.ts';
import { type Certificates, makeCertificates, STORE_PASSWORD } from '../../../kit/certificates.ts';
import { needs } from '../../../kit/needs.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';
import { TokenEndpoint } from '../../../kit/token-endpoint.ts';

const USER = 'alice';
const PASSWORD = 'alice-"quoted";secret';
const WRONG = 'not-her-secret';
const CLIENT_SECRET = 'client-secret-9';
const SECRETS = [PASSWORD, WRONG, CLIENT_SECRET, STORE_PASSWORD];
const SESSION_MS = 2_000;
const PACKAGE = 'org.apache.kafka.common.security';
const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
const login = (module: string, password = PASSWORD) =>
  `${PACKAGE}.${module} required username="${USER}" password=${quoted(password)};`;
const plain = (password?: string) => ({
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': login('plain.PlainLoginModule', password),
});
const scram = (mechanism: string, password?: string) => ({
  'sasl.mechanism': mechanism,
  'sasl.jaas.config': login('scram.ScramLoginModule', password),
});
const OAUTH = `${PACKAGE}.oauthbearer.OAuthBearerLoginModule required`;
const unsecured = (sub = USER) => ({
  'sasl.mechanism': 'OAUTHBEARER',
  'sasl.jaas.config': `${OAUTH} unsecuredLoginStringClaim_sub="${sub}";`,
});

const missing = needs('kafka');
describe.skipIf(missing)('clients of Apache Kafka with TLS and SASL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-security-'));
  const { logger, lines } = recordingLogger();
  const closing: (() => Promise<unknown>)[] = [];
  let certificates: Certificates;
  let kafka: ApacheKafka;
  let tokens: TokenEndpoint;
  let clients: OwnedKafkaClients;

  beforeAll(async () => {
    certificates = makeCertificates(folder);
    const store = (listener: string, name: string) => ({
      [`listener.name.${listener}.ssl.keystore.location`]: certificates.path(name),
      [`listener.name.${listener}.ssl.keystore.password`]: STORE_PASSWORD,
      [`listener.name.${listener}.ssl.keystore.type`]: 'PKCS12',
    });
    const jaas = (listener: string, mechanism: string, config: string) => ({
      [`listener.name.${listener}.${mechanism}.sasl.jaas.config`]: config,
    });
    const escaped = (text: string) => quoted(text).replaceAll('\\', '\\\\');
    const all = (listener: string) => ({
      ...jaas(listener, 'plain', `${PACKAGE}.plain.PlainLoginModule required user_${USER}=${escaped(PASSWORD)};`),
      ...jaas(listener, 'scram-sha-256', `${PACKAGE}.scram.ScramLoginModule required;`),
      ...jaas(listener, 'scram-sha-512', `${PACKAGE}.scram.ScramLoginModule required;`),
      ...jaas(listener, 'oauthbearer', `${OAUTH} unsecuredLoginStringClaim_sub="broker";`),
      [`listener.name.${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    });
    kafka = await startApacheKafka(
      {
        ...store('tls', 'broker.p12'),
        ...store('mutual', 'broker.p12'),
        ...store('expired', 'expired.p12'),
        ...store('selfsigned', 'stranger.p12'),
        ...store('elsewhere', 'elsewhere.p12'),
        ...store('sasltls', 'broker.p12'),
        'listener.name.mutual.ssl.client.auth': 'required',
        'listener.name.mutual.ssl.truststore.location': certificates.path('ca.pem'),
        'listener.name.mutual.ssl.truststore.type': 'PEM',
        ...all('sasl'),
        'listener.name.sasl.scram-sha-512.connections.max.reauth.ms': `${SESSION_MS}`,
        ...jaas('sasltls', 'scram-sha-512', `${PACKAGE}.scram.ScramLoginModule required;`),
        'listener.name.sasltls.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      },
      [],
      {
        listeners: {
          TLS: 'SSL',
          MUTUAL: 'SSL',
          EXPIRED: 'SSL',
          SELFSIGNED: 'SSL',
          ELSEWHERE: 'SSL',
          SASL: 'SASL_PLAINTEXT',
          SASLTLS: 'SASL_SSL',
        },
        format: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
          '--add-scram',
          `${mechanism}=[name=${USER},password=${PASSWORD}]`,
        ]),
      },
    );
    tokens = await new TokenEndpoint().start();
    clients = kafkaClients({ time: systemTime, logger, random: Math.random });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    lines.length = 0;
  });
  afterAll(async () => {
    await kafka?.stop();
    await tokens?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (listener: string) => `127.0.0.1:${kafka.ports[listener]}`;
  const trust = () => ({ 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': certificates.authority });
  const secured = () => ({
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.jaas.config': `${OAUTH} clientId="runnel" clientSecret="${CLIENT_SECRET}" scope="kafka read";`,
    'sasl.login.callback.handler.class': `${PACKAGE}.oauthbearer.OAuthBearerLoginCallbackHandler`,
    'sasl.oauthbearer.token.endpoint.url': tokens.url,
    'sasl.login.retry.backoff.max.ms': '1000',
  });

  const works: [string, string, string, () => ClientConfig][] = [
    ['SSL, trust in PEM, inline', 'TLS', 'SSL', trust],
    [
      'SSL, trust in a PEM file',
      'TLS',
      'SSL',
      () => ({ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': certificates.path('ca.pem') }),
    ],
    ...['trust-keytool.p12', 'trust-legacy.p12', 'trust-openssl.p12'].map(
      (name): [string, string, string, () => ClientConfig] => [
        `SSL, trust in ${name}`,
        'TLS',
        'SSL',
        () => ({
          'ssl.truststore.type': 'PKCS12',
          'ssl.truststore.location': certificates.path(name),
          'ssl.truststore.password': STORE_PASSWORD,
        }),
      ],
    ),
    [
      'SSL, one version and cipher suite',
      'TLS',
      'SSL',
      () => ({
        ...trust(),
        'ssl.enabled.protocols': 'TLSv1.2',
        'ssl.cipher.suites': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      }),
    ],
    [
      'SSL of another host, unchecked',
      'ELSEWHERE',
      'SSL',
      () => ({ ...trust(), 'ssl.endpoint.identification.algorithm': '' }),
    ],
    [
      'SSL, own certificate in PEM, key encrypted',
      'MUTUAL',
      'SSL',
      () => ({
        ...trust(),
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': certificates.read('client.pem'),
        'ssl.keystore.key': certificates.read('client-encrypted.key'),
        'ssl.key.password': STORE_PASSWORD,
      }),
    ],
    [
      'SSL, own certificate in PKCS12 of the default type',
      'MUTUAL',
      'SSL',
      () => ({
        ...trust(),
        'ssl.keystore.location': certificates.path('client.p12'),
        'ssl.keystore.password': STORE_PASSWORD,
      }),
    ],
    ['SASL_PLAINTEXT, PLAIN', 'SASL', 'SASL_PLAINTEXT', () => plain()],
    ['SASL_PLAINTEXT, SCRAM-SHA-256', 'SASL', 'SASL_PLAINTEXT', () => scram('SCRAM-SHA-256')],
    ['SASL_PLAINTEXT, SCRAM-SHA-512', 'SASL', 'SASL_PLAINTEXT', () => scram('SCRAM-SHA-512')],
    ['SASL_PLAINTEXT, OAUTHBEARER unsecured', 'SASL', 'SASL_PLAINTEXT', () => unsecured()],
    ['SASL_PLAINTEXT, OAUTHBEARER by an endpoint', 'SASL', 'SASL_PLAINTEXT', secured],
    ['SASL_SSL, SCRAM-SHA-512', 'SASLTLS', 'SASL_SSL', () => ({ ...trust(), ...scram('SCRAM-SHA-512') })],
  ];

  test.each(works)('%s: records go and come', async (name, listener, protocol, settings) => {
    const config = { 'bootstrap.servers': at(listener), 'security.protocol': protocol, ...settings() };
    const topic = `topic-${works.findIndex(([each]) => each === name)}`;
    const admin = clients.admin(config);
    const producer = clients.producer(config);
    const consumer = clients.consumer({ ...config, 'group.id': topic, 'auto.offset.reset': 'earliest' });
    closing.push(
      () => admin.close(),
      () => producer.close(),
      () => consumer.close(),
    );
    await admin.createTopics([{ name: topic, numPartitions: 1, replicationFactor: 1 }]);
    const value = Buffer.alloc(100_000, name);
    const failure = await new Promise<Error | null>((resolve) => {
      producer.send({ topic, key: null, value }, (_, error) => resolve(error));
    });
    expect(failure).toBeNull();
    consumer.subscribe([topic]);
    let records = await consumer.poll(1_000);
    while (records.length === 0) records = await consumer.poll(1_000);
    expect(Buffer.from(records[0]?.value as Uint8Array).equals(value)).toBe(true);
    expect(lines).toEqual([]);
  });

  test('a session that ends is begun again on the same connection, and requests keep their order', async () => {
    const { options } = parseClientConfig('admin', {
      'bootstrap.servers': at('SASL'),
      'security.protocol': 'SASL_PLAINTEXT',
      ...scram('SCRAM-SHA-512'),
    });
    const connection = await Connection.open({
      address: { host: '127.0.0.1', port: kafka.ports.SASL as number },
      clientId: 'test',
      setupTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      maxResponseBytes: 1_000_000,
      security: securityOf(options, { readFile: () => Buffer.alloc(0), time: systemTime, random: Math.random }),
      time: systemTime,
    });
    closing.push(async () => connection.close());
    const answered: number[] = [];
    let asked = 0;
    const end = performance.now() + 2.5 * SESSION_MS;
    while (performance.now() < end) {
      await Promise.all(
        [asked++, asked++, asked++].map(async (number) => {
          await connection.request(metadata, { topics: [], allowAutoTopicCreation: false });
          answered.push(number);
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(connection.error).toBeNull();
    expect(answered).toEqual(Array.from({ length: asked }, (_, i) => i));
  });

  test('a token is asked for once while it holds, with id, secret and scope', async () => {
    tokens.requests.length = 0;
    const config = { 'bootstrap.servers': at('SASL'), 'security.protocol': 'SASL_PLAINTEXT', ...secured() };
    const admin = clients.admin(config);
    closing.push(() => admin.close());
    tokens.refusals.push(503);
    await admin.clusterId();
    clients.dropConnections();
    await admin.clusterId();
    expect(tokens.requests.map(({ body }) => body)).toEqual(
      Array(2).fill('grant_type=client_credentials&scope=kafka+read'),
    );
    const [scheme, credential] = (tokens.requests[0]?.authorization ?? '').split(' ');
    expect([scheme, Buffer.from(credential ?? '', 'base64').toString()]).toEqual(['Basic', `runnel:${CLIENT_SECRET}`]);
  });

  const fails: [string, string, string, () => ClientConfig, string, RegExp, RegExp][] = [
    [
      'nobody to trust',
      'TLS',
      'SSL',
      () => ({}),
      'SslAuthenticationException',
      /authority that is not trusted/,
      /ssl\.truststore/,
    ],
    [
      'a self-signed certificate',
      'SELFSIGNED',
      'SSL',
      trust,
      'SslAuthenticationException',
      /self-signed and not trusted/,
      /ssl\.truststore/,
    ],
    [
      'an expired certificate',
      'EXPIRED',
      'SSL',
      () => ({ 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': certificates.read('expired.pem') }),
      'SslAuthenticationException',
      /has expired/,
      /Renew/,
    ],
    [
      'a certificate of another host',
      'ELSEWHERE',
      'SSL',
      trust,
      'SslAuthenticationException',
      /another host/,
      /advertised\.listeners/,
    ],
    ['no certificate of its own', 'MUTUAL', 'SSL', trust, 'SslAuthenticationException', /certificate/, /ssl\.keystore/],
    [
      'a certificate that the broker does not know',
      'MUTUAL',
      'SSL',
      () => ({
        ...trust(),
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': certificates.read('stranger.pem'),
        'ssl.keystore.key': certificates.read('stranger.key'),
      }),
      'SslAuthenticationException',
      /does not accept this client's certificate/,
      /ssl\.keystore/,
    ],
    ['PLAINTEXT at a TLS port', 'TLS', 'PLAINTEXT', () => ({}), 'NetworkException', /./, /security\.protocol/],
    [
      'TLS at a PLAINTEXT port',
      'PLAINTEXT',
      'SSL',
      trust,
      'NetworkException',
      /closed the connection during the TLS handshake/,
      /security\.protocol/,
    ],
    [
      'PLAINTEXT at a SASL port',
      'SASL',
      'PLAINTEXT',
      () => ({}),
      'NetworkException',
      /lost at its first request/,
      /SASL_PLAINTEXT/,
    ],
    [
      'SASL at a PLAINTEXT port',
      'PLAINTEXT',
      'SASL_PLAINTEXT',
      () => plain(),
      'SaslAuthenticationException',
      /does not use SASL/,
      /PLAINTEXT/,
    ],
    [
      'a wrong password, PLAIN',
      'SASL',
      'SASL_PLAINTEXT',
      () => plain(WRONG),
      'SaslAuthenticationException',
      /Authentication failed: Invalid username or password/,
      /sasl\.jaas\.config/,
    ],
    [
      'a wrong password, SCRAM',
      'SASL',
      'SASL_PLAINTEXT',
      () => scram('SCRAM-SHA-256', WRONG),
      'SaslAuthenticationException',
      /invalid credentials/,
      /sasl\.jaas\.config/,
    ],
    [
      'a mechanism that the broker does not have',
      'SASLTLS',
      'SASL_SSL',
      () => ({ ...trust(), ...plain() }),
      'UnsupportedSaslMechanismException',
      /it has \[SCRAM-SHA-512\]/,
      /sasl\.mechanism/,
    ],
    [
      'a token endpoint that refuses',
      'SASL',
      'SASL_PLAINTEXT',
      () => {
        tokens.refusals.push(401);
        return secured();
      },
      'SaslAuthenticationException',
      /HTTP status 401 \(invalid_client\)/,
      /client secret/,
    ],
  ];

  test.each(fails)(
    '%s is told within 5 s with the cure, and no secret',
    async (_, listener, protocol, settings, error, message, hint) => {
      const config = { 'bootstrap.servers': at(listener), 'security.protocol': protocol, ...settings() };
      const admin = clients.admin(config);
      closing.push(() => admin.close());
      const start = performance.now();
      const refused: unknown = await admin.clusterId().catch((reason: unknown) => reason);
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(refused).toMatchObject({
        name: error,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
      const texts = [traceOf(refused), (refused as { hint?: string }).hint, ...lines].join('\n');
      for (const secret of SECRETS) expect(texts).not.toContain(secret);
    },
  );

  const refusedAtOnce: [string, () => ClientConfig, string, RegExp][] = [
    [
      'a store in the format JKS',
      () => ({ 'ssl.truststore.location': certificates.path('trust.jks'), 'ssl.truststore.password': STORE_PASSWORD }),
      'ssl.truststore.location',
      /trust\.jks is a store in Java's own format JKS.*keytool -importkeystore -srckeystore .*trust\.jks -destkeystore .*trust-pkcs12\.p12 -deststoretype PKCS12/,
    ],
    [
      'a store with another password',
      () => ({ 'ssl.truststore.location': certificates.path('trust-keytool.p12'), 'ssl.truststore.password': WRONG }),
      'ssl.truststore.password',
      /Failed to load SSL keystore .*trust-keytool\.p12 of type JKS: keystore password was incorrect/,
    ],
    [
      'PEM that is said to be PKCS12',
      () => ({
        'ssl.truststore.type': 'PKCS12',
        'ssl.truststore.location': certificates.path('ca.pem'),
        'ssl.truststore.password': STORE_PASSWORD,
      }),
      'ssl.truststore.location',
      /it is not a PKCS12 file/,
    ],
    [
      'a file that is not there',
      () => ({ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': '/no/such.pem' }),
      'ssl.truststore.location',
      /there is no such file/,
    ],
    [
      'a password for a store that is not given',
      () => ({ 'ssl.keystore.password': STORE_PASSWORD }),
      'ssl.keystore.password',
      /^SSL key store is not specified, but key store password is specified\.$/,
    ],
    [
      'an encrypted key with another password',
      () => ({
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': certificates.read('client.pem'),
        'ssl.keystore.key': certificates.read('client-encrypted.key'),
        'ssl.key.password': WRONG,
      }),
      'ssl.key.password',
      /ssl\.key\.password is wrong/,
    ],
    [
      'a key that is not the certificate’s',
      () => ({
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': certificates.read('client.pem'),
        'ssl.keystore.key': certificates.read('stranger.key'),
      }),
      'ssl.keystore.location',
      /don't make a TLS client/,
    ],
    ['an unknown cipher suite', () => ({ 'ssl.cipher.suites': 'TLS_NONE' }), 'ssl.cipher.suites', /not known here/],
    ['Kerberos', () => ({ 'security.protocol': 'SASL_SSL' }), 'sasl.mechanism', /no Kerberos/],
    [
      'a mechanism of someone’s own',
      () => ({ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'AWS_MSK_IAM' }),
      'sasl.mechanism',
      /Invalid value AWS_MSK_IAM for configuration sasl\.mechanism/,
    ],
    [
      'a login without password',
      () => ({
        'security.protocol': 'SASL_PLAINTEXT',
        ...plain(),
        'sasl.jaas.config': `${PACKAGE}.plain.PlainLoginModule required username=u;`,
      }),
      'sasl.jaas.config',
      /has no password/,
    ],
    [
      'a class of Java',
      () => ({ 'ssl.engine.factory.class': 'com.example.Engines' }),
      'ssl.engine.factory.class',
      /classes of Java don't run here/,
    ],
  ];

  test.each(refusedAtOnce)('%s is refused when the client is made', (_, settings, key, message) => {
    const config = { 'bootstrap.servers': at('TLS'), 'security.protocol': 'SSL', ...settings() };
    let refused: unknown;
    try {
      clients.admin(config);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ name: 'ConfigException', key, message: expect.stringMatching(message) });
    const text = `${traceOf(refused)} ${(refused as { hint?: string }).hint}`;
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  test('producer and consumer are told as well', async () => {
    const config = { 'bootstrap.servers': at('SASL'), 'security.protocol': 'SASL_PLAINTEXT', ...plain(WRONG) };
    const producer = clients.producer(config);
    const consumer = clients.consumer({ ...config, 'group.id': 'g' });
    closing.push(
      () => producer.close(0),
      () => consumer.close(),
    );
    const expected = { name: 'SaslAuthenticationException' };
    const failure = await new Promise<Error | null>((resolve) => {
      producer.send({ topic: 'topic-0', key: null, value: Buffer.from('x') }, (__, error) => resolve(error));
    });
    expect(failure).toMatchObject(expected);
    consumer.subscribe(['topic-0']);
    const polled = (async () => {
      for (;;) await consumer.poll(500);
    })();
    await expect(polled).rejects.toMatchObject(expected);
    expect(lines.join('\n')).not.toContain(WRONG);
  });
});
