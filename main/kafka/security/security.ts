import { ConfigException } from '../../../common/errors.ts';
import type { Time } from '../../../common/time.ts';
import type { ReadFile } from '../../ssl/key-material.ts';
import type { ClientOptions } from '../settings/client-settings.ts';
import { type LoginModule, parseJaasConfig } from './jaas-config.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';
import { oauthBearer } from './sasl/oauthbearer-login.ts';
import { Plain } from './sasl/plain.ts';
import { SCRAM_HASHES, Scram } from './sasl/scram.ts';
import { type Tls, tlsOf } from './ssl/tls-settings.ts';

/** What a client does on each connection before anything else. */
export interface Security {
  /** Null: bytes cross as they are. */
  tls: Tls | null;
  /** Null: nobody asks who the client is. */
  sasl: SaslMechanism | null;
}

export interface SecurityEnvironment {
  readFile: ReadFile;
  time: Time;
  random: () => number;
}

export type SecurityOptions = Pick<
  ClientOptions<'admin'>,
  Extract<keyof ClientOptions<'admin'>, `sasl.${string}` | `ssl.${string}` | 'security.protocol'>
>;

const KERBEROS = 'GSSAPI';
const PASSWORD_MODULES: ReadonlySet<string> = new Set([
  'org.apache.kafka.common.security.plain.PlainLoginModule',
  'org.apache.kafka.common.security.scram.ScramLoginModule',
]);
const OAUTH_MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';

/**
 * By `security.protocol` with `ssl.*` and `sasl.*`. Files are read once, here.
 *
 * @throws ConfigException for what can't be read, doesn't fit together, or is not here
 */
export function securityOf(options: SecurityOptions, environment: SecurityEnvironment): Security {
  const protocol = options['security.protocol'];
  if (protocol === 'PLAINTEXT') return { tls: null, sasl: null };
  if (protocol.endsWith('SSL')) refuseClass(options, 'ssl.engine.factory.class');
  return {
    tls: protocol.endsWith('SSL') ? tlsOf(options, environment.readFile) : null,
    sasl: protocol.startsWith('SASL') ? mechanismOf(options, environment) : null,
  };
}

function mechanismOf(options: SecurityOptions, environment: SecurityEnvironment): SaslMechanism {
  refuseClass(options, 'sasl.client.callback.handler.class');
  refuseClass(options, 'sasl.login.class');
  const name = options['sasl.mechanism'];
  if (name === KERBEROS) {
    throw new ConfigException("sasl.mechanism=GSSAPI can't be used: Runnel's clients have no Kerberos", {
      key: 'sasl.mechanism',
      hint: 'Set sasl.mechanism to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER, if the brokers have one of them.',
    });
  }
  if (name !== 'PLAIN' && name !== 'OAUTHBEARER' && !SCRAM_HASHES.has(name)) {
    throw ConfigException.invalidValue(
      'sasl.mechanism',
      name,
      `it can be PLAIN, ${[...SCRAM_HASHES.keys()].join(', ')} or OAUTHBEARER here`,
    );
  }
  const text = options['sasl.jaas.config'];
  if (text === null) {
    throw new ConfigException(`sasl.jaas.config is needed for sasl.mechanism=${name}`, {
      key: 'sasl.jaas.config',
      hint: 'A JAAS file of the JVM (java.security.auth.login.config) is not read: write its entry here.',
    });
  }
  const module = parseJaasConfig(text);
  if (name === 'OAUTHBEARER') {
    checkModule(module, new Set([OAUTH_MODULE]), name);
    return oauthBearer(options, module.options, environment);
  }
  checkModule(module, PASSWORD_MODULES, name);
  const username = option(module, 'username', name);
  const password = option(module, 'password', name);
  if (name === 'PLAIN') return new Plain(username, password);
  return new Scram(name, { username, password, tokenAuth: module.options.get('tokenauth')?.toLowerCase() === 'true' });
}

function checkModule({ className }: LoginModule, known: ReadonlySet<string>, mechanism: string): void {
  if (known.has(className)) return;
  throw new ConfigException(
    `The login module of sasl.jaas.config can't be used for sasl.mechanism=${mechanism}: it can be ${[...known].join(' or ')}`,
    { key: 'sasl.jaas.config' },
  );
}

function option({ options }: LoginModule, name: string, mechanism: string): string {
  const value = options.get(name);
  if (value !== undefined && value !== '') return value;
  throw new ConfigException(`sasl.jaas.config has no ${name}, which sasl.mechanism=${mechanism} needs`, {
    key: 'sasl.jaas.config',
  });
}

/** Code of the user's own, which can't run here and must not be passed over. */
function refuseClass(
  options: SecurityOptions,
  key: 'sasl.client.callback.handler.class' | 'sasl.login.class' | 'ssl.engine.factory.class',
): void {
  if (options[key] === null || options[key] === '') return;
  throw new ConfigException(`${key} can't be used: classes of Java don't run here`, { key, hint: `Remove ${key}.` });
}

/**
 * Why a security setting that was given is not looked at; null for one that is. Java says so of each as "supplied but not
 * used".
 */
export function unusedSecurity(name: string, options: SecurityOptions): string | null {
  const protocol = options['security.protocol'];
  const mechanism = options['sasl.mechanism'];
  const isSasl = name.startsWith('sasl.');
  if (!isSasl && !name.startsWith('ssl.')) return null;
  if (isSasl ? !protocol.startsWith('SASL') : !protocol.endsWith('SSL')) return `security.protocol is ${protocol}`;
  const isOfTokens = /^sasl\.(oauthbearer|login\.(callback|connect|read|refresh|retry))\./.test(name);
  return isOfTokens && mechanism !== 'OAUTHBEARER' ? `sasl.mechanism is ${mechanism}` : null;
}
