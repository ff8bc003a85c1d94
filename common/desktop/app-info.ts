export interface AppInfo {
  name: string;
  version: string;
  electron: string;
  chrome: string;
  node: string;
  /** Node's words: `linux`, `darwin`, `win32` */
  platform: string;
  arch: string;
  dataFolder: string;
  logsFolder: string;
  /** The run before this one did not end cleanly. */
  uncleanExit: boolean;
  /** Where secrets are kept: the system's keychain, or a file that only this user can read. */
  secretStore: 'keychain' | 'file';
}

export interface ChosenFile {
  path: string;
  name: string;
  text: string;
}

export const MENU_COMMANDS = [
  'commandPalette',
  'newConnector',
  'openConnectorFile',
  'newTab',
  'closeTab',
  'nextTab',
  'previousTab',
  'settings',
  'shortcuts',
  'about',
] as const;

export type MenuCommand = (typeof MENU_COMMANDS)[number];
