import type { App, WebContents } from 'electron';

/** A page stays where it is: no navigation, no second window, no frame, no webview. Reloading is not navigating. */
export function denyNavigation(app: App): void {
  app.on('web-contents-created', (_event, contents) => denyNavigationOf(contents));
}

function denyNavigationOf(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
