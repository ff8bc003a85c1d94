import type { Session } from 'electron';
import { APP_ORIGIN } from './served-files.ts';

/** Of all that a page can ask for, it gets to write text to the clipboard after a key or click. */
const ALLOWED = 'clipboard-sanitized-write';

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) =>
    callback(permission === ALLOWED && isOurs(contents.getURL())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === ALLOWED && isOurs(origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
}

function isOurs(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
}
