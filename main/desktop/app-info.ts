import { app } from 'electron';
import type { AppInfo } from '../../common/desktop/app-info.ts';
import type { DataFolder } from '../data-folder.ts';

export function appInfo(options: { folder: DataFolder; uncleanExit: boolean; keychain: boolean }): AppInfo {
  return {
    name: app.getName(),
    version: app.getVersion(),
    electron: process.versions.electron ?? '',
    chrome: process.versions.chrome ?? '',
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    dataFolder: options.folder.root,
    logsFolder: options.folder.logs,
    uncleanExit: options.uncleanExit,
    secretStore: options.keychain ? 'keychain' : 'file',
  };
}
