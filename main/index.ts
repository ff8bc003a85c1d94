import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, Menu, nativeTheme, powerMonitor, session } from 'electron';
import { dataFolderPath, openDataFolder } from './data-folder.ts';
import { appInfo } from './desktop/app-info.ts';
import { forkUtility } from './desktop/child.ts';
import { markRunning } from './desktop/clean-exit.ts';
import { desktopServices } from './desktop/desktop-service.ts';
import { Environment } from './desktop/environment.ts';
import { openMainWindow } from './desktop/main-window.ts';
import { applicationMenu } from './desktop/menu.ts';
import { MenuCommands } from './desktop/menu-commands.ts';
import { Quit } from './desktop/quit.ts';
import { workerSecretKey } from './desktop/secret-key.ts';
import { registerAppScheme, serveApp } from './desktop/security/app-protocol.ts';
import { denyNavigation } from './desktop/security/navigation.ts';
import { denyNetwork } from './desktop/security/network.ts';
import { denyPermissions } from './desktop/security/permissions.ts';
import { SettingsFile } from './desktop/settings-file.ts';
import { handOutPorts } from './desktop/window-ports.ts';
import { logFile } from './log-file.ts';
import { createLogger, writeToStderr } from './logging.ts';
import { systemTime as time } from './time.ts';

const OUT = join(import.meta.dirname, '..');

const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { 'data-dir': { type: 'string' } },
  strict: false,
});
const folder = openDataFolder(
  dataFolderPath({
    dataDir: typeof values['data-dir'] === 'string' ? values['data-dir'] : undefined,
    env: process.env,
    platform: process.platform,
    home: homedir(),
  }),
);
// Chromium's profile; also what tells one instance from another, so each data folder has its own.
app.setPath('userData', folder.app);

if (app.requestSingleInstanceLock()) run();
else app.exit(0);

function run(): void {
  const writeToFile = logFile(join(folder.logs, 'main.log'));
  const logger = createLogger({
    time,
    write(entry) {
      writeToStderr(entry);
      writeToFile(entry);
    },
  }).named('desktop');
  process.on('uncaughtException', (error) => {
    logger.error('The main process has failed', error);
    app.exit(1);
  });
  const running = markRunning(folder.app);
  if (running.uncleanExit)
    logger.warn('The run before this one did not end cleanly; connectors resume from their stored offsets');

  registerAppScheme();
  denyNavigation(app);

  const settings = new SettingsFile(folder.app, logger);
  nativeTheme.themeSource = settings.current.theme;
  settings.onChange(({ theme }) => (nativeTheme.themeSource = theme));

  void app.whenReady().then(() => {
    const page = session.defaultSession;
    serveApp(page, join(OUT, 'renderer'));
    denyPermissions(page);
    denyNetwork(page);

    const workingFolder = join(homedir(), 'Runnel');
    mkdirSync(workingFolder, { recursive: true });
    const secretKey = workerSecretKey(folder.app, logger);
    const environment = new Environment({
      folder,
      workingFolder,
      settings,
      forkWorker: () => forkUtility(join(OUT, 'main', 'worker.js'), 'Runnel worker'),
      forkBroker: () => forkUtility(join(OUT, 'main', 'broker.js'), 'Runnel sandbox'),
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
    app.on('before-quit', (event) => {
      if (quit.stopped) return;
      event.preventDefault();
      quit.request();
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit.confirm());
    powerMonitor.on('shutdown', () => quit.confirm());

    let window: BrowserWindow | undefined;
    const openWindow = () => {
      window = openMainWindow({
        folder: folder.app,
        preload: join(OUT, 'preload', 'index.cjs'),
        icon: join(OUT, '..', 'assets', 'icons', 'icon.png'),
        time,
        logger,
      });
      window.on('close', (event) => {
        if (quit.stopped || process.platform === 'darwin') return;
        event.preventDefault();
        quit.request();
      });
      window.on('closed', () => (window = undefined));
    };
    const showWindow = () => {
      if (!window) openWindow();
      if (window?.isMinimized()) window.restore();
      window?.focus();
    };
    app.on('second-instance', showWindow);
    app.on('activate', showWindow);
    // On macOS a program stays open without a window; elsewhere closing it is the wish to quit, heard above.
    app.on('window-all-closed', () => {});

    const menuCommands = new MenuCommands();
    Menu.setApplicationMenu(
      applicationMenu({
        packaged: app.isPackaged,
        platform: process.platform,
        command(command) {
          showWindow();
          menuCommands.send(command);
        },
        window: () => window,
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
    openWindow();
    void environment.start();
  });
}
