import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dataFolderPath } from '../../data-folder.ts';
import { UsageError } from '../command-context.ts';

export interface WorkerAddress {
  /** `http://127.0.0.1:8083`, at least one, without user and password. */
  urls: string[];
  user: string | null;
  password: string | null;
}

const DEFAULT_PORT = 8083;

/**
 * Which worker is meant: `--url`, else RUNNEL_CONNECT_URL (several of one cluster with commas between), else the app's
 * own worker by `ports.json` of its data folder, else http://127.0.0.1:8083. A scheme that is missing is http.
 */
export function workerAddress(
  url: string | undefined,
  dataDir: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): WorkerAddress {
  const named = url ?? (env.RUNNEL_CONNECT_URL || undefined);
  if (named === undefined) return { urls: [localWorker(dataDir, env)], user: null, password: null };
  const from = url === undefined ? 'RUNNEL_CONNECT_URL' : '--url';
  const parsed = named.split(',').map((part) => parseUrl(part.trim(), from));
  const withUser = parsed.find(({ username }) => username !== '');
  return {
    urls: parsed.map(({ origin, pathname }) => `${origin}${pathname.replace(/\/+$/, '')}`),
    user: withUser === undefined ? null : decodeURIComponent(withUser.username),
    password: withUser === undefined || withUser.password === '' ? null : decodeURIComponent(withUser.password),
  };
}

function parseUrl(text: string, from: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.search !== '' || url.hash !== '')
    throw new UsageError(
      // The address may carry a password, which has no place on a screen.
      `${from} is no address of a worker${/@/.test(text) ? '' : `: ${text}`}: write http://host:8083 or https://host:8083`,
    );
  return url;
}

function localWorker(dataDir: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const root = dataFolderPath({ dataDir, env, platform: process.platform, home: homedir() });
  const port = portIn(join(root, 'ports.json'));
  return `http://127.0.0.1:${port ?? DEFAULT_PORT}`;
}

/** Null when no app runs there: the file is absent, half written or says that there is no worker. */
function portIn(file: string): number | null {
  try {
    const { rest } = JSON.parse(readFileSync(file, 'utf8')) as { rest?: { port?: unknown } | null };
    return typeof rest?.port === 'number' ? rest.port : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
