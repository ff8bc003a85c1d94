import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../common/desktop/app-info.ts';
import { clampZoom } from './window-state.ts';

export interface MenuOptions {
  packaged: boolean;
  platform: string;
  command(command: MenuCommand): void;
  window(): BrowserWindow | undefined;
  quit(): void;
}

/**
 * The application's menu. Keys of commands are shown here and handled by the page where the page gets them first
 * (Linux, Windows); on macOS the menu has them.
 */
export function applicationMenu(options: MenuOptions): Menu {
  const mac = options.platform === 'darwin';
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: mac,
    click: () => options.command(command),
  });
  const zoom = (label: string, accelerator: string, next: (factor: number) => number): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => {
      const contents = options.window()?.webContents;
      contents?.setZoomFactor(clampZoom(next(contents.getZoomFactor())));
    },
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const quit: MenuItemConstructorOptions = {
    label: 'Quit Runnel',
    accelerator: 'CommandOrControl+Q',
    click: options.quit,
  };
  const about = item('About Runnel', 'about');
  const settings = item('Settings…', 'settings', 'CommandOrControl+,');
  const appMenu: MenuItemConstructorOptions = {
    label: 'Runnel',
    submenu: [about, separator, settings, separator, { role: 'hide' }, { role: 'hideOthers' }, separator, quit],
  };
  return Menu.buildFromTemplate([
    ...(mac ? [appMenu] : []),
    {
      label: 'File',
      submenu: [
        item('New connector…', 'newConnector', 'CommandOrControl+N'),
        item('Open connector file…', 'openConnectorFile', 'CommandOrControl+O'),
        separator,
        item('New tab', 'newTab', 'CommandOrControl+T'),
        item('Close tab', 'closeTab', 'CommandOrControl+W'),
        ...(mac ? [] : [separator, settings, separator, quit]),
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        item('Commands…', 'commandPalette', 'CommandOrControl+K'),
        separator,
        item('Next tab', 'nextTab', 'Control+Tab'),
        item('Previous tab', 'previousTab', 'Control+Shift+Tab'),
        separator,
        zoom('Zoom in', 'CommandOrControl+Plus', (factor) => factor + 0.1),
        zoom('Zoom out', 'CommandOrControl+-', (factor) => factor - 0.1),
        zoom('Actual size', 'CommandOrControl+0', () => 1),
        separator,
        { role: 'togglefullscreen' },
        ...(options.packaged ? [] : [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
      ],
    },
    {
      role: 'help',
      submenu: [item('Keyboard shortcuts', 'shortcuts'), ...(mac ? [] : [about])],
    },
  ]);
}
