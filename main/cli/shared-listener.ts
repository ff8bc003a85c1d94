import { readFileSync } from 'node:fs';
import { KafkaException } from '../../common/errors.ts';
import type { SharedListener } from '../broker/sandbox.ts';
import { containersAddress, NEARBY_PORT, wslAddress } from '../sandbox/nearby-address.ts';

export interface ShareOptions {
  share?: string;
  shareKey?: string;
  shareCert?: string;
  shareUsers?: string;
  shareInsecurely?: boolean;
  shareAs?: string;
  shareContainers?: boolean;
  shareWsl?: boolean;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * What `--share` and the options beside it ask for: TLS and users, or a person's explicit word that neither is wanted
 * (a loopback address needs none). `--share-containers` and `--share-wsl` find the address themselves.
 *
 * @throws KafkaException INVALID_OPTION that names the option
 */
export function sharedListener(options: ShareOptions): SharedListener | undefined {
  const { share, shareKey, shareCert, shareUsers, shareInsecurely, shareAs, shareContainers, shareWsl } = options;
  if (shareContainers || shareWsl) {
    if (share !== undefined || (shareContainers && shareWsl) || shareKey || shareCert || shareUsers) {
      const name = shareContainers ? '--share-containers' : '--share-wsl';
      throw invalid(name, 'contradicts the other --share options', 'one address can be opened at a time');
    }
    const { host, name } = shareContainers ? containersAddress() : wslAddress();
    const advertised = shareAs ?? name;
    return { host, port: NEARBY_PORT, portIsFixed: false, ...(advertised !== undefined && { advertised }) };
  }
  if (share === undefined) {
    const alone = Object.entries({ shareKey, shareCert, shareUsers, shareInsecurely, shareAs }).find(
      ([, value]) => value,
    );
    if (alone)
      throw invalid('--share', 'is missing: the other --share options say how it is done', '--share 0.0.0.0:9094');
    return undefined;
  }
  const address = /^\[?([^[\]]+?)\]?:(\d{1,5})$/.exec(share);
  const port = Number(address?.[2]);
  if (!address || port < 1 || port > 65_535) {
    throw invalid('--share', `is no address with a port: ${share}`, '--share 0.0.0.0:9094');
  }
  const host = address[1] as string;
  const told = shareAs === undefined ? {} : { advertised: advertisedName(shareAs) };
  if (shareInsecurely || (LOOPBACK.has(host) && !shareKey && !shareCert && !shareUsers)) {
    if (shareKey || shareCert || shareUsers) {
      throw invalid('--share-insecurely', 'contradicts the other --share options', 'leave it or them away');
    }
    return { host, port, ...told };
  }
  if (!shareKey || !shareCert || !shareUsers) {
    throw invalid(
      '--share',
      'needs --share-key, --share-cert and --share-users: everybody in the network can reach that address',
      'or say --share-insecurely when that is meant, for a container on this computer for example',
    );
  }
  return {
    host,
    port,
    ...told,
    tls: { key: read('--share-key', shareKey), cert: read('--share-cert', shareCert) },
    users: usersIn(read('--share-users', shareUsers), shareUsers),
  };
}

function advertisedName(text: string): string {
  const name = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (/^[\w.:-]+$/.test(name) && !['0.0.0.0', '::'].includes(name)) return name;
  throw invalid(
    '--share-as',
    `is no name or address that clients can reach: ${text}`,
    '--share-as host.docker.internal',
  );
}

/** Lines of `name=password`; empty ones and those that begin with `#` are left out. */
function usersIn(text: string, file: string): Map<string, string> {
  const users = new Map<string, string>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const [name, password] = [line.slice(0, at).trim(), line.slice(at + 1)];
    if (at < 1 || name === '' || password === '') {
      throw invalid('--share-users', `has no name=password in line ${i + 1} of ${file}`, 'one user a line');
    }
    users.set(name, password);
  }
  if (users.size === 0)
    throw invalid('--share-users', `names nobody: ${file} is empty`, 'a line name=password for each');
  return users;
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(option, `can't be read: ${(error as Error).message}`, 'check the path and your right to read it');
  }
}

function invalid(option: string, what: string, hint: string): KafkaException {
  return new KafkaException(`${option} ${what}`, { code: 'INVALID_OPTION', key: option, hint });
}
