import { protocol, type Session } from 'electron';
import { APP_SCHEME, filesIn, respond } from './served-files.ts';

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built page's files to a session: those, and nothing else that a path could be made to mean. */
export function serveApp(session: Session, folder: string): void {
  const files = filesIn(folder);
  session.protocol.handle(APP_SCHEME, (request) => respond(request, files));
}
