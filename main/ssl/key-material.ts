import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfigException } from '../../common/errors.ts';
import { DerError } from './der.ts';
import { UnknownEncryption, WrongPassword } from './password-encryption.ts';
import { decryptPrivateKey, type Pkcs12, readPkcs12 } from './pkcs12.ts';

/** Settings of Kafka that name a key and those to be trusted, of clients and of listeners. */
export interface StoreOptions {
  readonly 'ssl.key.password': string | null;
  readonly 'ssl.keystore.certificate.chain': string | null;
  readonly 'ssl.keystore.key': string | null;
  readonly 'ssl.keystore.location': string | null;
  readonly 'ssl.keystore.password': string | null;
  /** JKS, PKCS12 (the bytes decide between these two) or PEM. */
  readonly 'ssl.keystore.type': string;
  readonly 'ssl.truststore.certificates': string | null;
  readonly 'ssl.truststore.location': string | null;
  readonly 'ssl.truststore.password': string | null;
  readonly 'ssl.truststore.type': string;
}

export type ReadFile = (path: string) => Buffer;

export interface OwnKey {
  /** PEM */
  key: string;
  /** PEM, its own certificate first. */
  chain: string;
}

const PEM = 'PEM';
/** Java's own format of old begins with this. */
const JKS_MAGIC = 0xfeedfeed;
const KNOWN_TYPES: ReadonlySet<string> = new Set(['JKS', 'PKCS12', 'PEM']);

/**
 * Certificates that are trusted, as PEM; null: those of the system. Java: `DefaultSslEngineFactory`, whose rules and
 * sentences for what fits together these are.
 *
 * @throws ConfigException
 */
export function trustedCertificates(options: StoreOptions, readFile: ReadFile): string[] | null {
  const certificates = options['ssl.truststore.certificates'];
  const location = options['ssl.truststore.location'];
  const password = options['ssl.truststore.password'];
  const type = options['ssl.truststore.type'];
  if (certificates !== null) {
    if (type !== PEM) {
      throw invalid(
        'ssl.truststore.type',
        `SSL trust store certs can be specified only for PEM, but trust store type is ${type}.`,
      );
    }
    if (location !== null) {
      throw invalid(
        'ssl.truststore.location',
        'Both SSL trust store location and separate trust certificates are specified.',
      );
    }
  }
  if (type === PEM && (certificates !== null || location !== null)) {
    if (password !== null) {
      throw invalid('ssl.truststore.password', 'SSL trust store password cannot be specified for PEM format.');
    }
    if (certificates !== null) return certificatesIn(certificates, 'ssl.truststore.certificates');
    return certificatesIn(text(location as string, 'ssl.truststore.location', readFile), 'ssl.truststore.location');
  }
  if (location === null) {
    if (password === null) return null;
    throw invalid(
      'ssl.truststore.password',
      'SSL trust store is not specified, but trust store password is specified.',
    );
  }
  const store = load(location, password ?? '', undefined, 'ssl.truststore', type, readFile);
  // A store made by OpenSSL has no marks: what stands there without a key is meant to be trusted.
  const marked = store.certificates.filter(({ trusted }) => trusted);
  const trusted = marked.length > 0 ? marked : store.certificates.filter(({ localKeyId }) => localKeyId === null);
  if (trusted.length === 0) {
    throw invalid('ssl.truststore.location', `The trust store ${location} holds no certificate to be trusted`);
  }
  return trusted.map(({ der }) => new X509Certificate(der).toString());
}

/**
 * What a listener shows of itself, and a client where a broker asks for it (ssl.client.auth); null: nothing.
 *
 * @throws ConfigException
 */
export function ownKey(options: StoreOptions, readFile: ReadFile): OwnKey | null {
  const inlineKey = options['ssl.keystore.key'];
  const inlineChain = options['ssl.keystore.certificate.chain'];
  const location = options['ssl.keystore.location'];
  const password = options['ssl.keystore.password'];
  const keyPassword = options['ssl.key.password'] ?? undefined;
  const type = options['ssl.keystore.type'];
  if (inlineKey !== null) {
    if (type !== PEM) {
      throw invalid(
        'ssl.keystore.type',
        `SSL private key can be specified only for PEM, but key store type is ${type}.`,
      );
    }
    if (inlineChain === null) {
      throw invalid(
        'ssl.keystore.certificate.chain',
        'SSL private key is specified, but certificate chain is not specified.',
      );
    }
    if (location !== null) {
      throw invalid('ssl.keystore.location', 'Both SSL key store location and separate private key are specified.');
    }
  } else if (inlineChain !== null) {
    throw invalid('ssl.keystore.key', 'SSL certificate chain is specified, but private key is not specified');
  }
  if (type === PEM && (inlineKey !== null || location !== null)) {
    if (password !== null) {
      throw invalid(
        'ssl.keystore.password',
        'SSL key store password cannot be specified with PEM format, only key password may be specified.',
      );
    }
    const file = inlineKey === null ? text(location as string, 'ssl.keystore.location', readFile) : null;
    const key = file === null ? 'ssl.keystore.key' : 'ssl.keystore.location';
    return {
      key: privateKeyIn(inlineKey ?? (file as string), keyPassword, key),
      chain: certificatesIn(
        inlineChain ?? (file as string),
        file === null ? 'ssl.keystore.certificate.chain' : key,
      ).join(''),
    };
  }
  if (location === null) {
    if (password === null) return null;
    throw invalid('ssl.keystore.password', 'SSL key store is not specified, but key store password is specified.');
  }
  if (password === null) {
    throw invalid('ssl.keystore.password', 'SSL key store is specified, but key store password is not specified.');
  }
  return keyOf(load(location, password, keyPassword, 'ssl.keystore', type, readFile), location);
}

function load(
  location: string,
  password: string,
  keyPassword: string | undefined,
  prefix: 'ssl.keystore' | 'ssl.truststore',
  type: string,
  readFile: ReadFile,
): Pkcs12 {
  if (!KNOWN_TYPES.has(type.toUpperCase())) {
    throw ConfigException.invalidValue(`${prefix}.type`, type, 'it can be PEM or PKCS12 here');
  }
  const file = bytes(location, `${prefix}.location`, readFile);
  // As in Java the bytes decide, not the type: JKS and PKCS12 may each hold the other.
  if (file.length > 4 && file.readUInt32BE(0) === JKS_MAGIC) {
    throw new ConfigException(
      `${location} is a store in Java's own format JKS, which can't be read here: convert it with ${conversion(location)}`,
      { key: `${prefix}.location`, hint: `Then set ${prefix}.location to the new file and ${prefix}.type=PKCS12.` },
    );
  }
  try {
    return readPkcs12(file, password, keyPassword);
  } catch (error) {
    throw unreadable(error, `Failed to load SSL keystore ${location} of type ${type}`, location, prefix);
  }
}

function conversion(location: string): string {
  const target = location.replace(/(\.(jks|keystore|truststore|ks|p12|pfx))?$/i, '-pkcs12.p12');
  return `keytool -importkeystore -srckeystore ${location} -destkeystore ${target} -deststoretype PKCS12`;
}

function unreadable(error: unknown, what: string, location: string, prefix: string): Error {
  if (error instanceof WrongPassword) {
    return new ConfigException(`${what}: keystore password was incorrect`, {
      key: `${prefix}.password`,
      hint: `Check ${prefix}.password${prefix === 'ssl.keystore' ? ' and ssl.key.password' : ''}.`,
    });
  }
  if (error instanceof UnknownEncryption) {
    return new ConfigException(
      `${what}: its encryption (${error.message}) is not known here, convert it with ${conversion(location)}`,
      { key: `${prefix}.location` },
    );
  }
  if (error instanceof DerError) {
    return new ConfigException(`${what}: it is not a PKCS12 file (${error.message})`, {
      key: `${prefix}.location`,
      hint: `For a file with BEGIN CERTIFICATE in it set ${prefix}.type=PEM.`,
    });
  }
  return error as Error;
}

/** The first key that has a certificate, with the certificates that lead from it upwards. */
function keyOf({ keys, certificates }: Pkcs12, location: string): OwnKey {
  for (const { pkcs8, localKeyId } of keys) {
    const own = certificates.find((each) => each.localKeyId !== null && each.localKeyId === localKeyId);
    if (!own) continue;
    const chain = [new X509Certificate(own.der)];
    const others = certificates.filter((each) => each !== own).map(({ der }) => new X509Certificate(der));
    for (;;) {
      const last = chain.at(-1) as X509Certificate;
      const issuer = others.find((each) => !chain.includes(each) && last.checkIssued(each));
      if (!issuer) break;
      chain.push(issuer);
    }
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return { key: pemOf(key.export({ format: 'der', type: 'pkcs8' })), chain: chain.map(String).join('') };
  }
  throw invalid('ssl.keystore.location', `The key store ${location} holds no key with a certificate`);
}

function pemOf(pkcs8: Buffer): string {
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

function certificatesIn(pem: string, key: string): string[] {
  const found = pem.match(/-+BEGIN[^-]*CERTIFICATE-+[A-Za-z0-9+/=\s]*-+END[^-]*CERTIFICATE-+/g) ?? [];
  if (found.length === 0) {
    throw new ConfigException(`No matching CERTIFICATE entries in ${key}`, {
      key,
      hint: 'It has to hold at least one block from BEGIN CERTIFICATE to END CERTIFICATE.',
    });
  }
  return found.map((block, i) => {
    try {
      return new X509Certificate(block).toString();
    } catch {
      // OpenSSL's words say nothing that helps; the place does.
      throw invalid(key, `Certificate ${i + 1} of ${key} can't be read`);
    }
  });
}

function privateKeyIn(pem: string, password: string | undefined, key: string): string {
  const found = [...pem.matchAll(/-+BEGIN ([A-Z ]*)PRIVATE KEY-+([\s\S]*?)-+END \1PRIVATE KEY-+/g)];
  const [block] = found;
  if (!block) throw invalid(key, `No matching PRIVATE KEY entries in ${key}`);
  if (found.length > 1) throw invalid(key, `Expected one private key, but found ${found.length}`);
  const [whole, kind, body] = block as unknown as [string, string, string];
  if (kind !== 'ENCRYPTED ') {
    try {
      return pemOf(createPrivateKey(whole).export({ format: 'der', type: 'pkcs8' }));
    } catch {
      // Its words may quote the key.
      throw invalid(key, `The private key in ${key} can't be read`);
    }
  }
  if (password === undefined) {
    throw new ConfigException(`The private key in ${key} is encrypted, but ssl.key.password is not given`, {
      key: 'ssl.key.password',
    });
  }
  try {
    return pemOf(decryptPrivateKey(Buffer.from(body, 'base64'), password));
  } catch (error) {
    if (error instanceof WrongPassword) {
      throw new ConfigException(`The private key in ${key} can't be decrypted: ssl.key.password is wrong`, {
        key: 'ssl.key.password',
      });
    }
    throw invalid(key, `The private key in ${key} can't be read: ${(error as Error).message}`);
  }
}

function text(location: string, key: string, readFile: ReadFile): string {
  return bytes(location, key, readFile).toString('latin1');
}

function bytes(location: string, key: string, readFile: ReadFile): Buffer {
  try {
    return readFile(location);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : (code ?? (error as Error).message);
    throw new ConfigException(`Failed to load ${location}: ${why}`, { key, cause: error });
  }
}

function invalid(key: string, message: string): ConfigException {
  return new ConfigException(message, { key });
}
