/** A way to prove to a broker who the client is. Java: `SaslClientFactory` together with a `Login`. */
export interface SaslMechanism {
  /** As in `sasl.mechanism`. */
  readonly name: string;
  /** Begins one authentication. Rejects when there is no credential to be had (a token endpoint that is away). */
  begin(): Promise<SaslExchange>;
}

/** One authentication, message by message. Java: `SaslClient`. */
export interface SaslExchange {
  /** What the client says first. */
  readonly initial: Buffer;
  /**
   * What to answer; null when nothing is left to be said.
   *
   * @throws SaslAuthenticationException for a server that does not prove itself
   */
  next(challenge: Buffer): Promise<Buffer | null>;
  /** The server has shown all that it has to show. */
  readonly isComplete: boolean;
}
