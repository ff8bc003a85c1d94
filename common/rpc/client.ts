import { DisconnectException, RemoteException } from '../errors.ts';
import type { Port } from '../port.ts';
import type { CallOptions, Client, Contract, StreamOptions } from './declare.ts';
import type { Request, Response } from './wire.ts';

interface Exchange {
  value(value: unknown): void;
  end(): void;
  error(error: Error): void;
}

/** The contract's methods, answered over `port` by whoever serves the same contract at its other end. */
export function client<C extends Contract>(contract: C, port: Port): Client<C> {
  const connection = new Connection(port);
  const methods: Record<string, unknown> = Object.create(null);
  for (const [name, method] of Object.entries(contract)) {
    const split = (all: unknown[]) => (method.args ? all : [undefined, ...all]);
    if (method.kind === 'call') {
      methods[name] = (...all: unknown[]) => {
        const [args, options] = split(all) as [unknown, CallOptions?];
        return connection.call(name, args, options);
      };
    } else if (method.kind === 'event') {
      methods[name] = (...all: unknown[]) => {
        const [args, listener, onError] = split(all) as [unknown, (v: unknown) => void, ((e: Error) => void)?];
        return connection.listen(name, args, listener, onError);
      };
    } else {
      methods[name] = (...all: unknown[]) => {
        const [args, options] = split(all) as [unknown, StreamOptions?];
        return connection.stream(name, args, options);
      };
    }
  }
  return methods as Client<C>;
}

class Connection {
  readonly #port: Port;
  readonly #exchanges = new Map<number, Exchange>();
  #nextId = 0;
  #closed = false;

  constructor(port: Port) {
    this.#port = port;
    port.onClose(() => this.#close());
    port.onMessage((message) => this.#receive(message as Response));
  }

  call(method: string, args: unknown, options: CallOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#open(method, args, {
        value: (value) => settle(() => resolve(value)),
        end: () => settle(() => resolve(undefined)),
        error: (error) => settle(() => reject(error)),
      });
      const abort = () => {
        this.#cancel(id);
        settle(() => reject(signal?.reason));
      };
      const settle = (then: () => void) => {
        this.#exchanges.delete(id);
        signal?.removeEventListener('abort', abort);
        then();
      };
      signal?.addEventListener('abort', abort);
    });
  }

  listen(method: string, args: unknown, listener: (value: unknown) => void, onError?: (error: Error) => void) {
    const id = this.#open(method, args, {
      value: (value) => {
        listener(value);
        if (this.#exchanges.has(id)) this.#post({ type: 'credit', id, count: 1 });
      },
      end: () => this.#exchanges.delete(id),
      error: (error) => {
        this.#exchanges.delete(id);
        onError?.(error);
      },
    });
    this.#post({ type: 'credit', id, count: 1 });
    return () => this.#cancel(id);
  }

  stream(method: string, args: unknown, options: StreamOptions = {}): AsyncIterableIterator<unknown> {
    const { signal, credit = 1 } = options;
    const arrived: unknown[] = [];
    const waiting: { resolve(result: IteratorResult<unknown>): void; reject(error: unknown): void }[] = [];
    const done: IteratorResult<unknown> = { done: true, value: undefined };
    let id: number | undefined;
    let owed = credit;
    let finished: { error?: unknown } | undefined;

    const finish = (how: { error?: unknown }) => {
      if (finished) return;
      finished = how;
      signal?.removeEventListener('abort', abort);
      if (id !== undefined) this.#cancel(id);
      const [first, ...others] = waiting.splice(0);
      if (first && 'error' in how) first.reject(how.error);
      else first?.resolve(done);
      for (const other of others) other.resolve(done);
      if (first) finished = {};
    };
    const abort = () => {
      arrived.length = 0;
      finish({ error: signal?.reason });
    };
    const begin = () => {
      if (signal?.aborted) return finish({ error: signal.reason });
      signal?.addEventListener('abort', abort);
      id = this.#open(method, args, {
        value: (value) => {
          const reader = waiting.shift();
          if (!reader) return void arrived.push(value);
          owed++;
          reader.resolve({ done: false, value });
        },
        end: () => finish({}),
        error: (error) => finish({ error }),
      });
    };

    return {
      next: () => {
        if (id === undefined && !finished) begin();
        const ready = arrived.length > 0 ? { done: false, value: arrived.shift() } : undefined;
        if (ready) owed++;
        if (finished) {
          if (ready) return Promise.resolve(ready);
          const how = finished;
          finished = {};
          return 'error' in how ? Promise.reject(how.error) : Promise.resolve(done);
        }
        if (owed > 0 && id !== undefined) this.#post({ type: 'credit', id, count: owed });
        owed = 0;
        return ready ? Promise.resolve(ready) : new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
      return: () => {
        arrived.length = 0;
        finish({});
        return Promise.resolve(done);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  #open(method: string, args: unknown, exchange: Exchange): number {
    const id = this.#nextId++;
    if (this.#closed) {
      queueMicrotask(() => exchange.error(disconnected()));
      return id;
    }
    this.#exchanges.set(id, exchange);
    this.#post({ type: 'open', id, method, args });
    return id;
  }

  #cancel(id: number): void {
    if (this.#exchanges.delete(id)) this.#post({ type: 'cancel', id });
  }

  #post(message: Request): void {
    if (!this.#closed) this.#port.postMessage(message);
  }

  #receive(message: Response): void {
    const exchange = this.#exchanges.get(message.id);
    if (!exchange) return;
    if (message.type === 'value') exchange.value(message.value);
    else if (message.type === 'end') exchange.end();
    else exchange.error(new RemoteException(message.error));
  }

  #close(): void {
    this.#closed = true;
    const open = [...this.#exchanges.values()];
    this.#exchanges.clear();
    for (const exchange of open) exchange.error(disconnected());
  }
}

function disconnected(): DisconnectException {
  return new DisconnectException('The other side of the port has closed', { code: 'DISCONNECTED' });
}
