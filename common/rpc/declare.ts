import type { z } from 'zod';

/**
 * What may cross a port, declared once: the value is the allow-list and the check of arguments at run time, its type
 * is the client's and the service's. Results are typed only, for the served side is trusted.
 */
export type Kind = 'call' | 'event' | 'stream';

export interface Method<K extends Kind = Kind, A = unknown, T = unknown> {
  readonly kind: K;
  /** Checks what arrives; null for a method without arguments. */
  readonly args: z.ZodType<A> | null;
  /** Never set: carries the type of the result, event or item. */
  readonly result?: T;
}

export type Contract = Readonly<Record<string, Method>>;

interface Declaration<K extends Kind, A> {
  /** Says the type of the result, of the event's value or of a stream's items. */
  of<T>(): Method<K, A, T>;
}

/** Answers once. The caller can cancel it. */
export function call(): Declaration<'call', undefined>;
export function call<A>(args: z.ZodType<A>): Declaration<'call', A>;
export function call(args?: z.ZodType): Declaration<'call', unknown> {
  return { of: () => ({ kind: 'call', args: args ?? null }) };
}

/**
 * A state that changes: a listener gets the present value and then the newest one whenever it changes. A listener
 * that is slow misses values in between, never the last one; so nothing piles up.
 */
export function event(): Declaration<'event', undefined>;
export function event<A>(args: z.ZodType<A>): Declaration<'event', A>;
export function event(args?: z.ZodType): Declaration<'event', unknown> {
  return { of: () => ({ kind: 'event', args: args ?? null }) };
}

/**
 * A sequence of which every item arrives, at the reader's pace: the server works on an item when the reader asked
 * for one. Leaving the loop, aborting or closing the port ends it on the server.
 */
export function stream(): Declaration<'stream', undefined>;
export function stream<A>(args: z.ZodType<A>): Declaration<'stream', A>;
export function stream(args?: z.ZodType): Declaration<'stream', unknown> {
  return { of: () => ({ kind: 'stream', args: args ?? null }) };
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface StreamOptions extends CallOptions {
  /** Items that the server may make ahead of the reader; 1 works only while the reader waits. Default 1. */
  credit?: number;
}

type With<A, Rest extends unknown[], R> = [A] extends [undefined]
  ? (...rest: Rest) => R
  : (args: A, ...rest: Rest) => R;

/** A method as its caller sees it. Errors of the far side arrive as RemoteException, a closed port as DisconnectException. */
type ClientMethod<M> =
  M extends Method<'call', infer A, infer T>
    ? With<A, [options?: CallOptions], Promise<T>>
    : M extends Method<'event', infer A, infer T>
      ? With<A, [listener: (value: T) => void, onError?: (error: Error) => void], () => void>
      : M extends Method<'stream', infer A, infer T>
        ? With<A, [options?: StreamOptions], AsyncIterableIterator<T>>
        : never;

/** A method as its service writes it. */
type ServiceMethod<M> =
  M extends Method<'call', infer A, infer T>
    ? (args: A, signal: AbortSignal) => Promise<T> | T
    : M extends Method<'event', infer A, infer T>
      ? /** Calls `emit` with the present value and with every new one; returns what ends that. */
        (args: A, emit: (value: T) => void) => () => void
      : M extends Method<'stream', infer A, infer T>
        ? /** Usually an async generator; must end when the signal aborts. */
          (args: A, signal: AbortSignal) => AsyncIterable<T>
        : never;

export type Client<C extends Contract> = { readonly [N in keyof C]: ClientMethod<C[N]> };
export type Services<C extends Contract> = { readonly [N in keyof C]: ServiceMethod<C[N]> };
