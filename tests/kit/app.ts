import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { appFolder, electronArgs, electronBinary } from '../../scripts/electron.mjs';

const ROOT = resolve(import.meta.dirname, '../..');

export interface AppOptions {
  /** Default: a new one that goes with the app. */
  dataDir?: string;
  /** Written to the settings before the start. */
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  args?: string[];
  /** A packed app's program instead of the built folder. */
  executable?: string;
}

/** The app in a window of its own on a virtual display, with a home and a data folder of its own. */
export interface RunningApp {
  electron: ElectronApplication;
  page: Page;
  dataDir: string;
  home: string;
  /** What the page said at error level and the exceptions nobody caught. A test that provokes some empties it. */
  errors: string[];
  /** What all processes wrote to stderr. */
  stderr(): string;
  /** Quits as a person does, waits until every process is gone, removes its folders; resolves to the exit code. */
  quit(): Promise<number | null>;
}

/**
 * Playwright's own: holds the app back until it has attached. Without it a window that opens meanwhile is now and then
 * never seen.
 */
export const LOADER = join(
  dirname(createRequire(import.meta.url).resolve('playwright-core')),
  'lib/server/electron/loader.js',
);

let folder: string | undefined;

/** The Electron that `npm test` found or made. */
export function electronDist(): string {
  const dist = process.env.RUNNEL_ELECTRON ?? join(ROOT, '.cache', 'electron-33.2.1');
  if (!existsSync(electronBinary(dist)))
    throw new Error(`There is no Electron in ${dist}: run node scripts/electron-for-tests.mjs`);
  return dist;
}

export async function startApp(options: AppOptions = {}): Promise<RunningApp> {
  const work = mkdtempSync(join(tmpdir(), 'runnel-app-'));
  const home = join(work, 'home');
  const dataDir = options.dataDir ?? join(work, 'data');
  mkdirSync(home);
  mkdirSync(join(dataDir, 'app'), { recursive: true });
  const settingsFile = join(dataDir, 'app', 'settings.json');
  const settings = existsSync(settingsFile) ? JSON.parse(readFileSync(settingsFile, 'utf8')) : { confirmQuit: false };
  writeFileSync(settingsFile, JSON.stringify({ ...settings, ...options.settings }));

  if (!options.executable) folder ??= appFolder(electronDist());
  const electron = await _electron.launch({
    executablePath: options.executable ?? electronBinary(electronDist()),
    args: [
      ...electronArgs(),
      ...(options.executable ? [] : ['-r', LOADER, folder as string]),
      `--data-dir=${dataDir}`,
      ...(options.args ?? []),
    ],
    env: { ...(process.env as Record<string, string>), HOME: home, ...options.env },
    timeout: 60_000,
  });
  let stderr = '';
  electron.process().stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<number | null>((done) => electron.process().once('exit', done));
  const errors: string[] = [];
  const watch = (page: Page) => {
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
  };
  electron.windows().forEach(watch);
  electron.on('window', watch);
  const page = await electron.firstWindow();
  return {
    electron,
    page,
    dataDir,
    home,
    errors,
    stderr: () => stderr,
    async quit() {
      // The answer never comes when the program has gone before it: its exit is what is waited for.
      electron.evaluate(({ app }) => app.quit()).catch(() => {});
      const code = await exited;
      rmSync(work, { recursive: true, force: true });
      return code;
    },
  };
}
