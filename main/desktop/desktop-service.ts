import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, clipboard, shell } from 'electron';
import type { DesktopServices } from '../../common/contract.ts';
import type { AppInfo } from '../../common/desktop/app-info.ts';
import type { MemoryUse, ProcessKind } from '../../common/desktop/processes.ts';
import { BadRequestException } from '../../common/errors.ts';
import type { Time, Timer } from '../../common/time.ts';
import type { DataFolder } from '../data-folder.ts';
import { chooseArchive, chooseConnectorFiles, choosePath } from './dialogs.ts';
import type { Environment } from './environment.ts';
import { writeFileAtomically } from './json-file.ts';
import { measureMemory } from './memory.ts';
import type { MenuCommands } from './menu-commands.ts';
import type { Quit } from './quit.ts';
import { openExternal } from './security/external-link.ts';
import type { SettingsFile } from './settings-file.ts';

const MEMORY_INTERVAL_MS = 10_000;

export interface DesktopServiceOptions {
  appInfo: AppInfo;
  folder: DataFolder;
  environment: Environment;
  settings: SettingsFile;
  menuCommands: MenuCommands;
  quit: Quit;
  time: Time;
}

/** Answers the desktop half of the contract for one window. */
export function desktopServices(window: BrowserWindow, options: DesktopServiceOptions): DesktopServices {
  const { appInfo, environment, folder, menuCommands, quit, settings, time } = options;
  const pageState = join(folder.app, 'page-state.json');
  return {
    appInfo: () => appInfo,
    memory: (_, emit) => everyInterval(time, MEMORY_INTERVAL_MS, async () => emit(await memoryOf(environment))),

    sandbox: (_, emit) => {
      emit(environment.sandboxState());
      return environment.onSandboxChange(() => emit(environment.sandboxState()));
    },
    startSandbox: () => environment.startSandbox(),
    stopSandbox: () => environment.stopSandbox(),
    saveSandbox: async () => {
      const file = await chooseArchive(window, 'save');
      return file === null ? null : environment.saveSandbox(file);
    },
    restoreSandbox: async () => {
      const file = await chooseArchive(window, 'restore');
      return file === null ? null : environment.restoreSandbox(file);
    },
    worker: (_, emit) => {
      emit(environment.workerState());
      return environment.worker.onChange(() => emit(environment.workerState()));
    },
    restartWorker: () => environment.restartWorker(),

    settings: (_, emit) => {
      emit(settings.current);
      return settings.onChange(emit);
    },
    changeSettings: (change) => settings.change(change),
    pageState: () => readTextFile(pageState),
    savePageState: ({ json }) => {
      if (!isJson(json)) throw new BadRequestException('The state of the page is not JSON', { key: 'json' });
      writeFileAtomically(pageState, json);
    },

    choosePath: ({ kind, title }) => choosePath(window, kind, title),
    chooseConnectorFiles: () => chooseConnectorFiles(window),
    openExternal: ({ url }) => openExternal(window, url),
    showFolder: async ({ folder: which }) => {
      const problem = await shell.openPath(which === 'logs' ? folder.logs : folder.root);
      if (problem) throw new BadRequestException(`The folder could not be shown: ${problem}`);
    },
    writeClipboard: ({ text }) => clipboard.writeText(text),

    menuCommands: (_, signal) => menuCommands.commands(signal),
    quitRequested: (_, emit) => quit.onRequest(emit),
    quit: () => quit.confirm(),
    cancelQuit: () => quit.cancel(),
  };
}

function memoryOf({ worker, sandbox }: Environment): Promise<MemoryUse> {
  return measureMemory(
    app.getAppMetrics(),
    new Map<number | undefined, ProcessKind>([
      [worker.state.pid, 'worker'],
      [sandbox.state.pid, 'sandbox'],
    ]),
  );
}

/** Now, and then again so long after each end, until the returned function is called. */
function everyInterval(time: Time, interval: number, action: () => Promise<void>): () => void {
  let timer: Timer | undefined;
  let stopped = false;
  const again = async () => {
    await action();
    if (!stopped) timer = time.timer(interval, () => void again());
  };
  void again();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}

function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
