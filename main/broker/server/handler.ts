import type { Api, RequestOf, ResponseInput } from '../../protocol/schema/api.ts';
import type { Authenticator } from '../security/authenticator.ts';

/** What a handler knows of the one who asks. */
export interface RequestContext {
  readonly version: number;
  readonly clientId: string | null;
  /** `/127.0.0.1`, as Kafka prints it in group descriptions */
  readonly clientHost: string;
  /** What this client is told as the broker's address: what is advertised to it, else where it reached the broker. */
  readonly listener: { readonly host: string; readonly port: number };
  /** Of a listener whose clients have to say who they are; null elsewhere. */
  readonly authenticator: Authenticator | null;
  /** Aborts when the connection is gone: a long poll then ends. */
  readonly signal: AbortSignal;
  /** How large an answer may be at this moment, bytes: the less, the more of them wait for their clients. */
  answerRoom(): number;
  /** Says that nobody will look at the bytes of the request any more: another request may be read into them. */
  releaseRequest(): void;
}

type Answer<A extends Api> = ResponseInput<A> | null | 'disconnect';

/**
 * Answers the requests of one API. Requests of a connection are begun in the order in which they came and may overlap;
 * the answers leave in that order. Null: no answer is due (acks=0); `disconnect`: none is due and the client learns by
 * the end of its connection that it failed.
 */
export interface Handler<A extends Api = Api, P = unknown> {
  readonly api: A;
  /** Where this broker differs from Kafka's, and why; printed in the list of what is supported. */
  readonly gap?: string;
  /** Its answers may be many megabytes: a connection has one such request open at a time, as in Kafka's broker. */
  readonly answersLarge?: true;
  /**
   * What is to be done before and changes nothing; `handle` is given its result. While a promise of it is open, no
   * further request of the connection is begun: so they keep their order.
   */
  prepare?(request: RequestOf<A>): P | Promise<P>;
  handle(request: RequestOf<A>, context: RequestContext, prepared?: P): Answer<A> | Promise<Answer<A>>;
}

/** Keeps the types of request and response; the table of handlers holds them all alike. */
export function handler<A extends Api, P = unknown>(definition: Handler<A, P>): Handler {
  return definition as unknown as Handler;
}
