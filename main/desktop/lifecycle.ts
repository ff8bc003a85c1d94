import { type App, powerMonitor } from 'electron';
import type { Environment } from './environment.ts';
import type { Quit } from './quit.ts';
import type { Windows } from './windows.ts';

/** What the system says to a program: show yourself, or end. A person is asked before the end, a signal is not. */
export function followSystem(app: App, windows: Windows, environment: Environment, quit: Quit): void {
  app.on('second-instance', () => windows.show());
  app.on('activate', () => windows.show());
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (quit.stopped) return;
    event.preventDefault();
    quit.request();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit.confirm());
  powerMonitor.on('resume', () => environment.dropConnections());
  powerMonitor.on('shutdown', () => quit.confirm());
}
