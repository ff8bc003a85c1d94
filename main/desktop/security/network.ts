import type { Session } from 'electron';

/**
 * A page has no network at all, whatever its policy says: every request that leaves `app:` is cancelled. Downloads
 * neither (files are written by the worker), and no dictionary is fetched for spell checking.
 */
export function denyNetwork(session: Session): void {
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file:///*'];
  session.webRequest.onBeforeRequest({ urls }, (_details, callback) => callback({ cancel: true }));
  session.on('will-download', (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false);
}
