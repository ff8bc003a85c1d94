import { BrowserWindow, dialog, nativeTheme } from 'electron';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import { APP_ORIGIN } from './security/served-files.ts';
import { securePreferences } from './security/web-preferences.ts';
import { windowState } from './window-state.ts';

export interface MainWindowOptions {
  /** Where its place on the screen is kept. */
  folder: string;
  preload: string;
  icon: string;
  time: Time;
  logger: Logger;
}

/** The surface behind the page until it has painted: `--surface-app` of the styles. */
const BACKGROUND = { light: '#f6f7f8', dark: '#15181b' };

const MAX_CRASHES = 3;
const CRASHES_WINDOW_MS = 60_000;

/** Opens the window. A page that crashes is loaded again (its tabs come back); pipelines don't notice. */
export function openMainWindow({ folder, preload, icon, time, logger }: MainWindowOptions): BrowserWindow {
  const { state, keep } = windowState(folder);
  const window = new BrowserWindow({
    width: 1280,
    height: 832,
    ...state.bounds,
    minWidth: 960,
    minHeight: 600,
    title: 'Runnel',
    icon,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { ...securePreferences(preload), zoomFactor: state.zoom },
  });
  if (state.maximized) window.maximize();
  keep(window);
  window.once('ready-to-show', () => window.show());

  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    logger.error(`The window's process ended (${reason}, exit code ${exitCode})`);
    const now = time.hiResMilliseconds();
    crashes = [...crashes.filter((at) => now - at < CRASHES_WINDOW_MS), now];
    if (crashes.length <= MAX_CRASHES) window.webContents.reload();
    else void askWhatToDo(window, 'The window has crashed several times.');
  });
  window.on('unresponsive', () => void askWhatToDo(window, 'The window does not respond.'));
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}

async function askWhatToDo(window: BrowserWindow, message: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail: 'Connectors and the sandbox go on running whatever you choose.',
    buttons: ['Reload the window', 'Wait'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response !== 0 || window.isDestroyed()) return;
  window.webContents.forcefullyCrashRenderer();
  window.webContents.reload();
}
