import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The password of every store and encrypted key that is made here. */
export const STORE_PASSWORD = 'store-secret-1';

export interface Certificates {
  /** The authority, PEM. */
  authority: string;
  path(name: string): string;
  read(name: string): string;
}

/**
 * Keys and certificates in a folder, made by openssl and keytool: an authority (`ca.pem`), a broker's for 127.0.0.1 and
 * localhost (`broker.p12`), one for another host (`elsewhere.p12`), one that has expired and is its own authority
 * (`expired.p12`, `expired.pem`), a client's (`client.pem`, `client.key`, `client-encrypted.key`, `client.p12`), one that
 * nobody knows (`stranger.pem`, `stranger.key`, `stranger.p12`), and trust stores (`trust-keytool.p12`, `trust-legacy.p12`, `trust.jks`,
 * `trust-openssl.p12`).
 */
export function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  const path = (name: string) => join(folder, name);
  const run = (command: string, ...args: string[]) => {
    const { status, stderr, stdout } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}${stdout}`);
  };
  const openssl = (line: string) => run('openssl', ...line.split(' '));
  const keytool = (line: string) => run('keytool', '-J-XX:TieredStopAtLevel=1', ...line.split(' '));

  openssl('req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=Test-Authority -days 30');
  const issue = (name: string, subject: string, alternatives: string) => {
    writeFileSync(path('ext'), alternatives === '' ? '' : `subjectAltName=${alternatives}\n`);
    openssl(`req -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${subject}`);
    openssl(
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out ${name}.pem -extfile ext`,
    );
    openssl(
      `pkcs12 -export -in ${name}.pem -inkey ${name}.key -certfile ca.pem -name ${name} -out ${name}.p12 -passout pass:${STORE_PASSWORD}`,
    );
  };
  issue('broker', 'broker', 'IP:127.0.0.1,DNS:localhost');
  issue('elsewhere', 'elsewhere', 'DNS:elsewhere.example');
  issue('client', 'client', '');
  openssl(`pkcs8 -topk8 -in client.key -out client-encrypted.key -passout pass:${STORE_PASSWORD}`);
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout stranger.key -out stranger.pem -subj /CN=stranger -days 30');
  openssl(
    `pkcs12 -export -in stranger.pem -inkey stranger.key -name stranger -out stranger.p12 -passout pass:${STORE_PASSWORD}`,
  );
  openssl(`pkcs12 -export -nokeys -in ca.pem -out trust-openssl.p12 -passout pass:${STORE_PASSWORD}`);
  const trust = `-importcert -noprompt -alias ca -file ca.pem -storepass ${STORE_PASSWORD}`;
  keytool(`${trust} -keystore trust-keytool.p12 -storetype PKCS12`);
  keytool(`-J-Dkeystore.pkcs12.legacy ${trust} -keystore trust-legacy.p12 -storetype PKCS12`);
  keytool(`${trust} -keystore trust.jks -storetype JKS`);
  keytool(
    `-genkeypair -alias expired -keyalg RSA -dname CN=expired -ext SAN=IP:127.0.0.1 -startdate -9d -validity 3 -keystore expired.p12 -storetype PKCS12 -storepass ${STORE_PASSWORD}`,
  );
  openssl(`pkcs12 -in expired.p12 -nokeys -out expired.pem -passin pass:${STORE_PASSWORD}`);
  return { authority: readFileSync(path('ca.pem'), 'utf8'), path, read: (name) => readFileSync(path(name), 'utf8') };
}

export interface Certificate {
  /** PEM files; the certificate is signed by itself. */
  key: string;
  cert: string;
}

/** A certificate for this machine, made in `folder` and good for a day. */
export function makeCertificate(folder: string): Certificate {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'].concat([
      '-subj',
      '/CN=localhost',
      '-addext',
      names,
      '-keyout',
      key,
      '-out',
      cert,
    ]),
    { stdio: 'ignore' },
  );
  return { key, cert };
}
