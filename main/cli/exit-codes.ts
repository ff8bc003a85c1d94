/** What the shell is told. `EXIT_MEANINGS` are its words; the README has them too. */
export const EXIT = {
  ok: 0,
  /** Wrong usage, or the command could not do what it was asked (as Kafka's scripts answer). */
  failed: 1,
  /** Can't start: port in use, no broker, no worker, data folder locked or unreadable. */
  cannotStart: 2,
  /** connect-standalone: a connector of the command line could not be created. */
  connectorNotCreated: 3,
  /** Ended by Ctrl-C before it was done (128 + SIGINT), where ending is not the normal way out. */
  interrupted: 130,
} as const;

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done, or ended cleanly by Ctrl-C',
  failed: 'wrong usage, or the command could not do what it was asked: refused, invalid, not found',
  cannotStart:
    'a worker or sandbox can not start (port in use, no broker to connect to, data folder locked or unreadable), or `connect` reaches no worker',
  connectorNotCreated: '`connect-standalone`: a connector of the command line could not be created',
  interrupted: 'ended by Ctrl-C before it was done, where ending is not the normal way out',
};
