/** What the shell is told. The same table is in the README. */
export const EXIT = {
  ok: 0,
  /** Wrong usage, or the command could not do what it was asked (as Kafka's scripts answer). */
  failed: 1,
  /** Can't start: port in use, no broker, data folder locked or unreadable. */
  cannotStart: 2,
  /** connect-standalone: a connector of the command line could not be created. */
  connectorNotCreated: 3,
  /** Ended by Ctrl-C before it was done (128 + SIGINT), where ending is not the normal way out. */
  interrupted: 130,
} as const;
