import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import type { ChosenFile } from '../../common/desktop/app-info.ts';
import { BadRequestException } from '../../common/errors.ts';

const MAX_FILE_BYTES = 4_000_000;

/** The system's dialog for a path in a configuration; null when it was left. */
export async function choosePath(
  window: BrowserWindow,
  kind: 'file' | 'folder' | 'save',
  title: string,
): Promise<string | null> {
  if (kind === 'save') return (await dialog.showSaveDialog(window, { title })).filePath || null;
  const properties: ('openDirectory' | 'openFile')[] = [kind === 'folder' ? 'openDirectory' : 'openFile'];
  return (await dialog.showOpenDialog(window, { title, properties })).filePaths[0] ?? null;
}

/** A saved sandbox to write (the system asks before one is replaced) or to read; null when the dialog was left. */
export async function chooseArchive(window: BrowserWindow, purpose: 'save' | 'restore'): Promise<string | null> {
  const filters = [{ name: 'Saved sandbox', extensions: ['tar.gz', 'gz'] }];
  if (purpose === 'save') {
    const options = { title: 'Save the sandbox', defaultPath: 'sandbox.tar.gz', filters };
    return (await dialog.showSaveDialog(window, options)).filePath || null;
  }
  const options = { title: 'Restore a sandbox', properties: ['openFile' as const], filters };
  return (await dialog.showOpenDialog(window, options)).filePaths[0] ?? null;
}

/** The only files that a page gets to read: those that the person picks here. */
export async function chooseConnectorFiles(window: BrowserWindow): Promise<ChosenFile[]> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open connector file',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Connector configuration', extensions: ['properties', 'json'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return filePaths.map((path) => {
    if (statSync(path).size > MAX_FILE_BYTES)
      throw new BadRequestException(
        `${path} is larger than ${MAX_FILE_BYTES / 1e6} MB: that is no connector configuration`,
      );
    return { path, name: basename(path), text: readFileSync(path, 'utf8') };
  });
}
