import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigException } from '../../../common/errors.ts';
import { parseJaasConfig } from './jaas-config.ts';

export const BASIC_AUTH_EXTENSION = 'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';
const LOGIN_MODULE = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule';
const ENTRY = 'KafkaConnect';
const KEY = 'java.security.auth.login.config';

/** Whether a request with this `Authorization` may be answered. */
export type Authenticate = (authorization: string | undefined) => boolean;

export interface BasicAuthFiles {
  /** The Java options of Kafka's scripts, where Java is told its JAAS file. */
  kafkaOpts: string | undefined;
  readText(path: string): string;
  readProperties(path: string): Readonly<Record<string, string>>;
}

/**
 * Basic authentication as Connect's extension has it: users and passwords in the properties file that the entry
 * `KafkaConnect` of the JAAS file names, read once. Throws ConfigException. Java: `BasicAuthSecurityRestExtension`,
 * `PropertyFileLoginModule`.
 */
export function basicAuth({ kafkaOpts = '', readText, readProperties }: BasicAuthFiles): Authenticate {
  const jaasFile = new RegExp(`-D${KEY.replaceAll('.', '\\.')}==?("[^"]+"|\\S+)`).exec(kafkaOpts)?.[1];
  if (jaasFile === undefined)
    throw new ConfigException(`${BASIC_AUTH_EXTENSION} needs a JAAS file`, {
      key: 'rest.extension.classes',
      hint: `Name it as for Kafka Connect: KAFKA_OPTS="-D${KEY}=/path/to/jaas.conf".`,
    });
  const path = jaasFile.replaceAll('"', '');
  const [module, ...others] = parseJaasConfig(path, readText(path)).get(ENTRY) ?? [];
  if (module === undefined) throw new ConfigException(`${path} has no entry ${ENTRY}`, { key: KEY });
  if (module.className !== LOGIN_MODULE || others.length > 0)
    throw new ConfigException(`The entry ${ENTRY} of ${path} may have one login module, ${LOGIN_MODULE}`, { key: KEY });
  const file = module.options.get('file')?.trim();
  if (!file) throw new ConfigException('Property Credentials file must be specified', { key: KEY });
  const users = new Map(Object.entries(readProperties(file)).map(([user, password]) => [user, digest(password)]));
  // Connect lets everybody in then.
  if (users.size === 0) throw new ConfigException(`The credentials file ${file} names no user`, { key: KEY });
  const nobody = digest('');
  return (authorization) => {
    const credentials = credentialsOf(authorization);
    if (credentials === null) return false;
    const known = users.get(credentials.user);
    const same = timingSafeEqual(digest(credentials.password), known ?? nobody);
    return known !== undefined && same;
  };
}

function credentialsOf(authorization: string | undefined): { user: string; password: string } | null {
  const encoded = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon <= 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
