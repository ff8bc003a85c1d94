/** The page runs in Electron's Chromium only; its agent string names the system. */
export const mac = /Mac OS X/.test(navigator.userAgent);
export const windows = /Windows/.test(navigator.userAgent);
