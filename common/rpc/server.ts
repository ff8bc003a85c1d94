import { BadRequestException, toWireError } from '../errors.ts';
import type { Port } from '../port.ts';
import type { Contract, Method, Services } from './declare.ts';
import { type Request, type Response, request } from './wire.ts';

/** Exchanges that one port may have open at a time; a page needs a few dozen. */
const MAX_OPEN = 1000;

export interface ServeOptions {
  /** What a service threw, besides being answered to the caller. */
  onError?: (method: string, error: unknown) => void;
}

/**
 * Serves a contract on a port until it closes: unknown methods and arguments that the contract refuses never reach
 * the services. Returns what ends the service (open calls and streams are aborted, the port is closed).
 */
export function serve<C extends Contract>(
  port: Port,
  contract: C,
  services: Services<C>,
  options: ServeOptions = {},
): () => void {
  const connection = new ServedConnection(port, contract, services as Record<string, Handler>, options);
  port.onClose(() => connection.abortAll());
  port.onMessage((message) => connection.receive(message));
  return () => {
    connection.abortAll();
    port.close();
  };
}

type Handler = (args: unknown, second: unknown) => unknown;

interface Open {
  credit(count: number): void;
  abort(): void;
}

class ServedConnection {
  readonly #port: Port;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #services: Record<string, Handler>;
  readonly #options: ServeOptions;
  readonly #open = new Map<number, Open>();
  #closed = false;

  constructor(port: Port, contract: Contract, services: Record<string, Handler>, options: ServeOptions) {
    this.#port = port;
    this.#methods = new Map(Object.entries(contract));
    this.#services = services;
    this.#options = options;
  }

  /** Messages that are no request at all are dropped: there is nobody to answer. */
  receive(message: unknown): void {
    const parsed = request.safeParse(message);
    if (!parsed.success || this.#closed) return;
    const { data } = parsed;
    if (data.type === 'open') this.#receiveOpen(data);
    else if (data.type === 'credit') this.#open.get(data.id)?.credit(data.count);
    else this.#open.get(data.id)?.abort();
  }

  abortAll(): void {
    this.#closed = true;
    for (const open of [...this.#open.values()]) open.abort();
  }

  #receiveOpen({ id, method: name, args }: Request & { type: 'open' }): void {
    let checked: { method: Method; value: unknown };
    try {
      checked = this.#check(id, name, args);
    } catch (error) {
      this.#fail(id, error);
      return;
    }
    const { method, value } = checked;
    const handler = this.#services[name] as Handler;
    if (method.kind === 'call') void this.#runCall(id, name, (signal) => handler(value, signal));
    else if (method.kind === 'event') this.#runEvent(id, name, (emit) => handler(value, emit) as () => void);
    else void this.#runStream(id, name, (signal) => handler(value, signal) as AsyncIterable<unknown>);
  }

  #check(id: number, name: string, args: unknown): { method: Method; value: unknown } {
    const method = this.#methods.get(name);
    if (!method) throw new BadRequestException(`There is no method ${JSON.stringify(name)}`);
    if (this.#open.has(id)) throw new BadRequestException(`Exchange ${id} is open already`);
    if (this.#open.size >= MAX_OPEN)
      throw new BadRequestException(`More than ${MAX_OPEN} calls and streams are open on this port`);
    if (!method.args) return { method, value: undefined };
    const parsed = method.args.safeParse(args);
    if (parsed.success) return { method, value: parsed.data };
    const issue = parsed.error.issues[0];
    const key = issue?.path.join('.');
    const text = `${name} does not take these arguments: ${key ? `${key}: ` : ''}${issue?.message}`;
    throw new BadRequestException(text, { key });
  }

  async #runCall(id: number, name: string, run: (signal: AbortSignal) => unknown): Promise<void> {
    const controller = new AbortController();
    this.#open.set(id, { credit: () => {}, abort: () => this.#abort(id, controller) });
    try {
      const value = await run(controller.signal);
      this.#answer(id, controller.signal, { type: 'value', id, value });
    } catch (error) {
      this.#answerError(id, name, controller.signal, error);
    }
  }

  /** At most one value is on its way; while the listener is busy only the newest is kept. */
  #runEvent(id: number, name: string, run: (emit: (value: unknown) => void) => () => void): void {
    const controller = new AbortController();
    let credit = 0;
    let newest: { value: unknown } | undefined;
    let unsubscribe: (() => void) | undefined;
    const flush = () => {
      if (credit === 0 || !newest || controller.signal.aborted) return;
      credit--;
      const { value } = newest;
      newest = undefined;
      this.#post({ type: 'value', id, value });
    };
    this.#open.set(id, {
      credit: () => {
        credit = 1;
        flush();
      },
      abort: () => {
        this.#abort(id, controller);
        unsubscribe?.();
      },
    });
    try {
      unsubscribe = run((value) => {
        newest = { value };
        flush();
      });
      if (controller.signal.aborted) unsubscribe();
    } catch (error) {
      this.#answerError(id, name, controller.signal, error);
    }
  }

  async #runStream(id: number, name: string, run: (signal: AbortSignal) => AsyncIterable<unknown>): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    let credit = 0;
    let wake: (() => void) | undefined;
    const changed = () => {
      wake?.();
      wake = undefined;
    };
    this.#open.set(id, {
      credit: (count) => {
        credit = Math.min(credit + count, MAX_OPEN);
        changed();
      },
      abort: () => {
        this.#abort(id, controller);
        changed();
      },
    });
    let iterator: AsyncIterator<unknown> | undefined;
    try {
      iterator = run(signal)[Symbol.asyncIterator]();
      for (;;) {
        while (credit === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
        if (signal.aborted) return;
        credit--;
        const item = await iterator.next();
        if (signal.aborted) return;
        if (item.done) return this.#answer(id, signal, { type: 'end', id });
        this.#post({ type: 'value', id, value: item.value });
      }
    } catch (error) {
      this.#answerError(id, name, signal, error);
    } finally {
      await iterator?.return?.().catch((error: unknown) => this.#options.onError?.(name, error));
    }
  }

  #abort(id: number, controller: AbortController): void {
    this.#open.delete(id);
    controller.abort(new BadRequestException('The caller has cancelled', { code: 'CANCELLED' }));
  }

  #answer(id: number, signal: AbortSignal, response: Response): void {
    if (signal.aborted) return;
    this.#open.delete(id);
    this.#post(response);
  }

  #answerError(id: number, name: string, signal: AbortSignal, error: unknown): void {
    if (signal.aborted) return;
    this.#options.onError?.(name, error);
    this.#open.delete(id);
    this.#fail(id, error);
  }

  #fail(id: number, error: unknown): void {
    this.#post({ type: 'error', id, error: toWireError(error) });
  }

  #post(message: Response): void {
    if (!this.#closed) this.#port.postMessage(message);
  }
}
