import type { App, Session } from 'electron';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { denyNavigation } from './navigation.ts';
import { denyNetwork } from './network.ts';
import { denyPermissions } from './permissions.ts';

/** What has to be settled before the app is ready. */
export function secureApp(app: App): void {
  registerAppScheme();
  denyNavigation(app);
}

/** What pages of a session get: the files in `folder`, and nothing else. */
export function secureSession(session: Session, folder: string): void {
  serveApp(session, folder);
  denyPermissions(session);
  denyNetwork(session);
}
