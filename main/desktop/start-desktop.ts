import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, Menu, nativeTheme, session } from 'electron';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { DataFolder } from '../data-folder.ts';
import { appInfo } from './app-info.ts';
import { forkUtility } from './child.ts';
import { markRunning } from './clean-exit.ts';
import { desktopServices } from './desktop-service.ts';
import { Environment } from './environment.ts';
import { followSystem } from './lifecycle.ts';
import { applicationMenu } from './menu.ts';
import { MenuCommands } from './menu-commands.ts';
import { makePluginProcesses } from './plugin-processes.ts';
import { Quit } from './quit.ts';
import { workerSecretKey } from './secret-key.ts';
import { secureApp, secureSession } from './security/index.ts';
import { SettingsFile } from './settings-file.ts';
import { handOutPorts } from './window-ports.ts';
import { Windows } from './windows.ts';

export interface DesktopOptions {
  folder: DataFolder;
  /** What was built: `main/`, `preload/`, `renderer/`. */
  out: string;
  time: Time;
  logger: Logger;
}

/** The whole program around the window, in the order in which it is put together. Called before the app is ready. */
export function startDesktop({ folder, out, time, logger }: DesktopOptions): void {
  const running = markRunning(folder.app);
  if (running.uncleanExit)
    logger.warn('The run before this one did not end cleanly; connectors resume from their stored offsets');
  secureApp(app);
  const settings = new SettingsFile(folder.app, logger);
  followTheme(settings);

  void app.whenReady().then(() => {
    secureSession(session.defaultSession, join(out, 'renderer'));

    const secretKey = workerSecretKey(folder, logger);
    const environment = new Environment({
      folder,
      workingFolder: workingFolder(),
      settings,
      forkWorker: () => forkUtility(join(out, 'main', 'worker.js'), 'Runnel worker'),
      makePluginProcesses: (worker, control) =>
        makePluginProcesses(worker, control, { entry: join(out, 'main', 'plugin-process.js'), time, logger }),
      forkBroker: () => forkUtility(join(out, 'main', 'broker.js'), 'Runnel sandbox'),
      secretKey,
      time,
      logger,
    });

    const quit = new Quit({
      shouldAsk: () => settings.current.confirmQuit,
      stop: () => environment.stop(),
      exit() {
        running.clear();
        app.quit();
      },
      logger,
    });

    const windows = new Windows({
      folder: folder.app,
      preload: join(out, 'preload', 'index.cjs'),
      icon: join(out, '..', 'assets', 'icons', 'icon.png'),
      platform: process.platform,
      quit,
      time,
      logger,
    });
    followSystem(app, windows, environment, quit);

    const menuCommands = new MenuCommands();
    Menu.setApplicationMenu(
      applicationMenu({
        packaged: app.isPackaged,
        platform: process.platform,
        command(command) {
          windows.show();
          menuCommands.send(command);
        },
        window: () => windows.current,
        quit: () => quit.request(),
      }),
    );

    const info = appInfo({ folder, uncleanExit: running.uncleanExit, keychain: secretKey !== null });
    handOutPorts({
      worker: environment.worker,
      desktopServices: (contents) =>
        desktopServices(BrowserWindow.fromWebContents(contents) as BrowserWindow, {
          appInfo: info,
          folder,
          environment,
          settings,
          menuCommands,
          quit,
          time,
        }),
    });

    windows.show();
    void environment.start();
  });
}

function followTheme(settings: SettingsFile): void {
  nativeTheme.themeSource = settings.current.theme;
  settings.onChange(({ theme }) => {
    nativeTheme.themeSource = theme;
  });
}

/** What relative paths in configurations mean in the app. */
function workingFolder(): string {
  const path = join(homedir(), 'Runnel');
  mkdirSync(path, { recursive: true });
  return path;
}
