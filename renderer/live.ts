import { useSyncExternalStore } from 'react';
import type { Connection } from './connection.ts';

export interface LiveState<T> {
  /** undefined until the first value */
  readonly value: T | undefined;
  /** Why no more values come; the last one stays. Gone when a new process answers. */
  readonly error: Error | undefined;
}

/**
 * An event of the contract as a value that is always the newest: listens while someone looks, and again on the new
 * port when the process behind it was restarted.
 */
export class Live<C, T> {
  readonly #connection: Connection<C>;
  readonly #listen: (client: C, emit: (value: T) => void, fail: (error: Error) => void) => () => void;
  readonly #listeners = new Set<() => void>();
  #state: LiveState<T> = { value: undefined, error: undefined };
  #stop: (() => void) | undefined;

  constructor(
    connection: Connection<C>,
    listen: (client: C, emit: (value: T) => void, fail: (error: Error) => void) => () => void,
  ) {
    this.#connection = connection;
    this.#listen = listen;
  }

  readonly get = (): LiveState<T> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  #start(): void {
    let leave: (() => void) | undefined;
    const attach = () => {
      leave?.();
      const { current } = this.#connection;
      if (current === null) return;
      leave = this.#listen(
        current,
        (value) => this.#set({ value, error: undefined }),
        (error) => this.#set({ value: this.#state.value, error }),
      );
    };
    const unsubscribe = this.#connection.subscribe(attach);
    this.#stop = () => {
      unsubscribe();
      leave?.();
    };
    attach();
  }

  #end(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #set(state: LiveState<T>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export function useLive<C, T>(live: Live<C, T>): LiveState<T> {
  return useSyncExternalStore(live.subscribe, live.get);
}
