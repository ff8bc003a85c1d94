/** Lets the event loop go on between two pieces of work. */
export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Records that are looked at between two turns of the event loop. */
export const RECORDS_A_TURN = 10_000;
