import type { WebFrameMain } from 'electron';
import { APP_ORIGIN } from './served-files.ts';

/** Whether a message comes from the top frame of a page of ours: anything else gets no port. */
export function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN;
}
