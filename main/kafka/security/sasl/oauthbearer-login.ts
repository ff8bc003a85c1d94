import { ConfigException } from '../../../../common/errors.ts';
import type { SecurityEnvironment, SecurityOptions } from '../security.ts';
import { type SslOptions, tlsOf } from '../ssl/tls-settings.ts';
import { OAuthBearer } from './oauthbearer.ts';
import { endpointTokens } from './token-endpoint.ts';
import { type TokenSource, Tokens, tokenOf } from './tokens.ts';
import { extensionsOf, unsecuredTokens } from './unsecured-token.ts';

const PACKAGE = 'org.apache.kafka.common.security.oauthbearer';
const UNSECURED: ReadonlySet<string> = new Set([
  `${PACKAGE}.internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler`,
]);
const SECURED: ReadonlySet<string> = new Set([
  `${PACKAGE}.OAuthBearerLoginCallbackHandler`,
  `${PACKAGE}.secured.OAuthBearerLoginCallbackHandler`,
]);
const RETRIEVERS: ReadonlySet<string> = new Set([
  `${PACKAGE}.DefaultJwtRetriever`,
  `${PACKAGE}.ClientCredentialsJwtRetriever`,
  `${PACKAGE}.FileJwtRetriever`,
]);
const EXTENSION = /^extension_(.+)$/s;
/** Java waits for ever; a person is told. */
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Where the tokens of OAUTHBEARER come from: an endpoint or a file with `sasl.oauthbearer.token.endpoint.url` (KIP-768), the
 * login module's own options without.
 *
 * @throws ConfigException
 */
export function oauthBearer(
  options: SecurityOptions,
  jaas: ReadonlyMap<string, string>,
  environment: SecurityEnvironment,
): OAuthBearer {
  const handler = options['sasl.login.callback.handler.class'];
  if (handler !== null && !UNSECURED.has(handler) && !SECURED.has(handler)) {
    throw ConfigException.invalidValue(
      'sasl.login.callback.handler.class',
      handler,
      `it can be ${[...SECURED, ...UNSECURED].join(' or ')} here`,
    );
  }
  const url = options['sasl.oauthbearer.token.endpoint.url'];
  const isSecured = handler === null ? url !== null : SECURED.has(handler);
  const source = isSecured ? securedTokens(options, jaas, environment) : unsecuredTokens(jaas, environment.time);
  const rules = {
    windowFactor: options['sasl.login.refresh.window.factor'],
    windowJitter: options['sasl.login.refresh.window.jitter'],
    minPeriodSeconds: options['sasl.login.refresh.min.period.seconds'],
    bufferSeconds: options['sasl.login.refresh.buffer.seconds'],
  };
  const tokens = new Tokens(source, rules, environment.time, environment.random);
  return new OAuthBearer(tokens, isSecured ? extensionsOf(jaas, EXTENSION) : extensionsOf(jaas));
}

function securedTokens(
  options: SecurityOptions,
  jaas: ReadonlyMap<string, string>,
  { readFile, time }: SecurityEnvironment,
): TokenSource {
  const retriever = options['sasl.oauthbearer.jwt.retriever.class'];
  if (!RETRIEVERS.has(retriever)) {
    throw ConfigException.invalidValue(
      'sasl.oauthbearer.jwt.retriever.class',
      retriever,
      `it can be ${[...RETRIEVERS].join(' or ')} here`,
    );
  }
  const url = urlOf(options['sasl.oauthbearer.token.endpoint.url']);
  if (url.protocol === 'file:') {
    return async () =>
      tokenOf(readFile(decodeURIComponent(url.pathname)).toString().trim(), `the file ${url.pathname}`);
  }
  return endpointTokens({
    url,
    clientId: needed(
      options['sasl.oauthbearer.client.credentials.client.id'] ?? jaas.get('clientId'),
      'id',
      'clientId',
    ),
    clientSecret: needed(
      options['sasl.oauthbearer.client.credentials.client.secret'] ?? jaas.get('clientSecret'),
      'secret',
      'clientSecret',
    ),
    scope: options['sasl.oauthbearer.scope'] ?? jaas.get('scope') ?? null,
    urlencodeHeader: options['sasl.oauthbearer.header.urlencode'],
    connectTimeoutMs: options['sasl.login.connect.timeout.ms'] ?? DEFAULT_TIMEOUT_MS,
    readTimeoutMs: options['sasl.login.read.timeout.ms'] ?? DEFAULT_TIMEOUT_MS,
    retryBackoffMs: options['sasl.login.retry.backoff.ms'],
    retryBackoffMaxMs: options['sasl.login.retry.backoff.max.ms'],
    secureContext: url.protocol === 'https:' ? tlsOf(sslOfModule(jaas, options), readFile).context : null,
    time,
  });
}

function urlOf(text: string | null): URL {
  const url = text !== null && URL.canParse(text) ? new URL(text) : null;
  if (url && /^(https?|file):$/.test(url.protocol)) return url;
  throw new ConfigException(
    text === null
      ? 'sasl.oauthbearer.token.endpoint.url is needed for OAuthBearerLoginCallbackHandler'
      : 'sasl.oauthbearer.token.endpoint.url has to be an http, https or file URL',
    { key: 'sasl.oauthbearer.token.endpoint.url' },
  );
}

function needed(value: string | null | undefined, what: 'id' | 'secret', option: string): string {
  if (value) return value;
  const key = `sasl.oauthbearer.client.credentials.client.${what}`;
  throw new ConfigException(`The token endpoint needs ${key}, or ${option} in sasl.jaas.config`, { key });
}

/** As in Java the endpoint's TLS is set in the login module's options, not by the client's `ssl.*`. */
function sslOfModule(jaas: ReadonlyMap<string, string>, defaults: SecurityOptions): SslOptions {
  const get = (name: string) => jaas.get(name) ?? null;
  const list = (name: string) => get(name)?.split(/\s*,\s*/) ?? [];
  return {
    'ssl.cipher.suites': list('ssl.cipher.suites'),
    'ssl.enabled.protocols': list('ssl.enabled.protocols'),
    'ssl.endpoint.identification.algorithm': 'https',
    'ssl.protocol': get('ssl.protocol') ?? defaults['ssl.protocol'],
    'ssl.key.password': get('ssl.key.password'),
    'ssl.keystore.certificate.chain': get('ssl.keystore.certificate.chain'),
    'ssl.keystore.key': get('ssl.keystore.key'),
    'ssl.keystore.location': get('ssl.keystore.location'),
    'ssl.keystore.password': get('ssl.keystore.password'),
    'ssl.keystore.type': get('ssl.keystore.type') ?? 'JKS',
    'ssl.truststore.certificates': get('ssl.truststore.certificates'),
    'ssl.truststore.location': get('ssl.truststore.location'),
    'ssl.truststore.password': get('ssl.truststore.password'),
    'ssl.truststore.type': get('ssl.truststore.type') ?? 'JKS',
  };
}
