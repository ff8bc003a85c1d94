import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where everything that Runnel keeps lies, unless a command names another place. */
export interface DataFolder {
  root: string;
  /** windows, settings, Chromium's own profile */
  app: string;
  /** SQLite of the Connect worker */
  worker: string;
  /** the log of the sandbox Kafka */
  sandbox: string;
  logs: string;
  plugins: string;
  /** JSON: the ports that are in use */
  ports: string;
}

export interface DataFolderChoice {
  /** `--data-dir` */
  dataDir?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Node's `process.platform` */
  platform: string;
  home: string;
}

/** `--data-dir`, else RUNNEL_HOME, else the system's place for application data. */
export function dataFolderPath({ dataDir, env, platform, home }: DataFolderChoice): string {
  const named = dataDir || env.RUNNEL_HOME;
  if (named) return resolve(named);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Runnel');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Runnel');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'runnel');
}

/** Makes what is missing; only this user can enter it. A folder that was there before keeps its own permissions. */
export function openDataFolder(root: string): DataFolder {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const folder = (name: string) => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    return path;
  };
  return {
    root,
    app: folder('app'),
    worker: folder('worker'),
    sandbox: folder('sandbox'),
    logs: folder('logs'),
    plugins: folder('plugins'),
    ports: join(root, 'ports.json'),
  };
}
