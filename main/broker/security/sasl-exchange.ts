/** The talk of one client with one mechanism. */
export interface SaslExchange {
  /**
   * Answers the client's next message; `user` once it has shown who it is.
   *
   * @throws Error with a sentence for the client, which never tells whether it was the name or the password
   */
  next(message: Buffer): { reply: Buffer; user?: string };
}

export const WRONG_CREDENTIALS = 'Authentication failed: Invalid username or password';
