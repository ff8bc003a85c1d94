import { CLIENTS, type Setting } from './setting.ts';

const ALL = CLIENTS;
const password = { type: 'PASSWORD', default: null, clients: ALL } as const;
const text = { type: 'STRING', default: null, clients: ALL } as const;
const className = { type: 'CLASS', default: null, clients: ALL } as const;

/** Encryption, and who the client is; read where `security.protocol` asks for it. */
export const SECURITY_SETTINGS = {
  'security.protocol': {
    type: 'STRING',
    default: 'PLAINTEXT',
    values: ['SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'],
    anyCase: true,
    clients: ALL,
  },

  'sasl.client.callback.handler.class': className,
  'sasl.jaas.config': password,
  'sasl.login.callback.handler.class': className,
  'sasl.login.class': className,
  'sasl.login.connect.timeout.ms': { type: 'INT', default: null, clients: ALL },
  'sasl.login.read.timeout.ms': { type: 'INT', default: null, clients: ALL },
  'sasl.login.refresh.buffer.seconds': { type: 'SHORT', default: 300, min: 0, max: 3_600, clients: ALL },
  'sasl.login.refresh.min.period.seconds': { type: 'SHORT', default: 60, min: 0, max: 900, clients: ALL },
  'sasl.login.refresh.window.factor': { type: 'DOUBLE', default: 0.8, min: 0.5, max: 1, clients: ALL },
  'sasl.login.refresh.window.jitter': { type: 'DOUBLE', default: 0.05, min: 0, max: 0.25, clients: ALL },
  'sasl.login.retry.backoff.max.ms': { type: 'LONG', default: 10_000, clients: ALL },
  'sasl.login.retry.backoff.ms': { type: 'LONG', default: 100, clients: ALL },
  'sasl.mechanism': { type: 'STRING', default: 'GSSAPI', clients: ALL },
  'sasl.oauthbearer.client.credentials.client.id': text,
  'sasl.oauthbearer.client.credentials.client.secret': password,
  'sasl.oauthbearer.header.urlencode': { type: 'BOOLEAN', default: false, clients: ALL },
  'sasl.oauthbearer.jwt.retriever.class': {
    type: 'CLASS',
    default: 'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    clients: ALL,
  },
  'sasl.oauthbearer.scope': text,
  'sasl.oauthbearer.token.endpoint.url': text,

  'ssl.cipher.suites': { type: 'LIST', default: [], clients: ALL },
  'ssl.enabled.protocols': { type: 'LIST', default: ['TLSv1.2', 'TLSv1.3'], clients: ALL },
  'ssl.endpoint.identification.algorithm': { type: 'STRING', default: 'https', clients: ALL },
  'ssl.engine.factory.class': className,
  'ssl.key.password': password,
  'ssl.keystore.certificate.chain': password,
  'ssl.keystore.key': password,
  'ssl.keystore.location': text,
  'ssl.keystore.password': password,
  'ssl.keystore.type': { type: 'STRING', default: 'JKS', clients: ALL },
  'ssl.protocol': { type: 'STRING', default: 'TLSv1.3', clients: ALL },
  'ssl.truststore.certificates': password,
  'ssl.truststore.location': text,
  'ssl.truststore.password': password,
  'ssl.truststore.type': { type: 'STRING', default: 'JKS', clients: ALL },
} as const satisfies Readonly<Record<string, Setting>>;
