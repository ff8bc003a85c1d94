import type { Decoded, Encodable, Fields } from './fields.ts';
import { Message } from './message.ts';
import { type VersionRange, versionRange } from './versions.ts';

export interface ApiDeclaration<Q extends Fields, P extends Fields> {
  readonly key: number;
  /** Kafka's name: `FindCoordinator` */
  readonly name: string;
  /** versions that Kafka 4.3 serves */
  readonly versions: string;
  /** versions to announce, where Kafka announces others than it serves */
  readonly announced?: string;
  readonly flexible: string;
  readonly request: Q;
  readonly response: P;
  /** what each version brought, and why; printed in the list of what is supported */
  readonly notes?: Readonly<Record<number, string>>;
}

/** One API of the protocol: request and response in all versions. */
export interface Api<Q extends Fields = Fields, P extends Fields = Fields> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  readonly announced: VersionRange;
  readonly flexible: VersionRange;
  readonly request: Message<Q>;
  readonly response: Message<P>;
  readonly notes: Readonly<Record<number, string>>;
}

export function api<const Q extends Fields, const P extends Fields>(declaration: ApiDeclaration<Q, P>): Api<Q, P> {
  const { key, name, versions, flexible, request, response } = declaration;
  return {
    key,
    name,
    versions: versionRange(versions),
    announced: versionRange(declaration.announced ?? versions),
    flexible: versionRange(flexible),
    request: new Message({ name: `${name}Request`, versions, flexible, fields: request }),
    response: new Message({ name: `${name}Response`, versions, flexible, fields: response }),
    notes: declaration.notes ?? {},
  };
}

/** A request as the server gets it: every field there, defaults for those that its version lacks. */
export type RequestOf<A> = A extends Api<infer Q, infer _P> ? Decoded<Q> : never;
/** A request as the client gives it. */
export type RequestInput<A> = A extends Api<infer Q, infer _P> ? Encodable<Q> : never;
/** A response as the client gets it. */
export type ResponseOf<A> = A extends Api<infer _Q, infer P> ? Decoded<P> : never;
/** A response as the server gives it. */
export type ResponseInput<A> = A extends Api<infer _Q, infer P> ? Encodable<P> : never;
