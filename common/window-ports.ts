/** Who answers at the other end of a port that a window is given. */
export type ServedPart = 'desktop' | 'worker';

/**
 * How ports come to the page: it posts `{ type: READY_MESSAGE }` to its own window once it listens; then, and again
 * whenever a process was restarted, `{ type: PORT_MESSAGE, part }` arrives with one port. A new port of the same part
 * replaces the old one, which has closed.
 */
export const READY_MESSAGE = 'runnel-ready';
export const PORT_MESSAGE = 'runnel-port';
