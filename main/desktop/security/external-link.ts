import { type BrowserWindow, dialog, shell } from 'electron';

/** The address as it will be opened, or undefined when it may not be: only https, without a user's name in it. */
export function openableUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url : undefined;
}

/** Opens an address in the system's browser after the person has seen it whole and agreed. */
export async function openExternal(window: BrowserWindow, text: string): Promise<boolean> {
  const url = openableUrl(text);
  if (!url) return false;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Open ${url.host} in the browser?`,
    detail: url.href,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response !== 0) return false;
  await shell.openExternal(url.href);
  return true;
}
