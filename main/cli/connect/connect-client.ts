import { sleep, type Time } from '../../../common/time.ts';
import { Interrupted } from '../command-context.ts';
import { parseAnswer, writeAnswer } from './connect-answer.ts';
import { ConnectRestException, unreachable, WorkerUnreachableException } from './connect-errors.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';

export interface ConnectClientOptions {
  /** Workers of one cluster: the first that can be reached is asked. At least one. */
  urls: readonly string[];
  credentials: { user: string; password: string } | null;
  tls: { ca?: string; cert?: string; key?: string };
  /** Of one request. */
  timeoutMs: number;
  /** How long a worker that starts, or a cluster that rebalances, is waited for. */
  retryForMs: number;
  time: Time;
  /** In [0, 1). */
  random: () => number;
  signal: AbortSignal;
  /** A line for the person who waits. */
  tell(line: string): void;
}

/** Java: `HerderRequestHandler` and `RebalanceNeededException`; that a connector exists is 409 too, and is final. */
const PASSING = /^(?:Cannot complete request|Request cannot be completed)/;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_000;

/**
 * Asks a Connect worker by REST. Rejects with WorkerUnreachableException or ConnectRestException, whose sentences are
 * for the person. A worker that is still starting (Connect answers 404 with a web page until its resources are there)
 * and a cluster that is rebalancing (409) refuse before they do anything: those requests are sent again for a while.
 */
export class ConnectClient {
  readonly #options: ConnectClientOptions;
  #current = 0;

  constructor(options: ConnectClientOptions) {
    this.#options = options;
  }

  /** The worker that is asked. */
  get url(): string {
    return this.#options.urls[this.#current] as string;
  }

  /** `alsoGood`: statuses other than 2xx whose body is the answer. */
  get<T>(path: string, alsoGood: readonly number[] = []): Promise<T> {
    return this.#ask('GET', path, undefined, alsoGood) as Promise<T>;
  }

  put<T>(path: string, body?: unknown): Promise<T> {
    return this.#ask('PUT', path, body) as Promise<T>;
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.#ask('POST', path, body) as Promise<T>;
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#ask('PATCH', path, body) as Promise<T>;
  }

  delete<T>(path: string): Promise<T> {
    return this.#ask('DELETE', path) as Promise<T>;
  }

  async #ask(method: string, path: string, body?: unknown, alsoGood: readonly number[] = []): Promise<unknown> {
    const { time, random, signal, tell, retryForMs } = this.#options;
    const start = time.hiResMilliseconds();
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const answer = await this.#sendToOne(method, path, body);
      const why = reasonToWait(answer);
      if (why === null || time.hiResMilliseconds() - start + pause > retryForMs)
        return this.#read(alsoGood.includes(answer.status) ? { ...answer, status: 200 } : answer, `${method} ${path}`);
      if (pause === FIRST_PAUSE_MS) tell(`${this.url} ${why}; asking again for up to ${retryForMs / 1_000} s`);
      await sleep(time, pause * (0.75 + random() / 2), signal);
      if (signal.aborted) throw new Interrupted();
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** The next worker is tried when one can't be reached: then nothing was sent. */
  async #sendToOne(method: string, path: string, body: unknown): Promise<HttpAnswer> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#send(method, path, body);
      } catch (error) {
        const code = error instanceof WorkerUnreachableException ? (error.cause as NodeJS.ErrnoException).code : null;
        const unsent = code === 'ECONNREFUSED' || code === 'ENOTFOUND';
        if (!unsent || tried === this.#options.urls.length) throw error;
        this.#current = (this.#current + 1) % this.#options.urls.length;
      }
    }
  }

  async #send(method: string, path: string, body: unknown): Promise<HttpAnswer> {
    const { credentials } = this.#options;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (credentials !== null)
      headers.authorization = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
    try {
      return await exchange(
        {
          method,
          url: new URL(this.url.replace(/\/+$/, '') + path),
          headers,
          body: body === undefined ? null : writeAnswer(body),
        },
        this.#options,
      );
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      throw unreachable(this.url, error as NodeJS.ErrnoException);
    }
  }

  /** The value of a good answer; undefined when there is none. Throws for all others. */
  #read(answer: HttpAnswer, request: string): unknown {
    const { status, text } = answer;
    const { url } = this;
    const withPassword = this.#options.credentials !== null;
    if (status >= 200 && status < 300) {
      if (text.trim() === '') return undefined;
      try {
        return parseAnswer(text);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw notConnect(answer, url);
      }
    }
    const message = messageIn(text);
    if (status === 401)
      throw new ConnectRestException(
        status,
        `${url} wants a user and a password${withPassword ? ', and not these' : ''}`,
        {
          hint: 'Give --user, and the password by --password-file, RUNNEL_CONNECT_PASSWORD or at the terminal.',
        },
      );
    if (message !== null) throw new ConnectRestException(status, message);
    if (status === 403)
      throw new ConnectRestException(status, `${url} refuses this request`, {
        hint: 'A Runnel worker answers only to the names localhost, 127.0.0.1 and [::1] with its own port.',
      });
    if (status >= 300 && status < 400)
      throw new ConnectRestException(status, `${url} sends ${request} elsewhere (HTTP ${status})`, {
        hint: 'Name the final address with --url.',
      });
    if (status === 404 && /jetty/i.test(answer.server + text))
      throw new ConnectRestException(status, `The worker at ${url} is still starting`, {
        hint: 'Try again in a moment.',
      });
    throw notConnect(answer, url);
  }
}

/** A path segment: a connector's name may hold anything. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}

/** Null: the answer is final. Else what the worker is doing, so that asking again makes sense. */
function reasonToWait({ status, text, server, contentType }: HttpAnswer): string | null {
  if (status === 404 && /html/.test(contentType) && /jetty/i.test(server + text)) return 'is still starting';
  if (status === 409 && PASSING.test(messageIn(text) ?? '')) return 'says that its cluster is rebalancing';
  return null;
}

/** The sentence of Connect's error body, or null when it is none. */
function messageIn(text: string): string | null {
  try {
    const body = JSON.parse(text) as { error_code?: unknown; message?: unknown } | null;
    return typeof body?.message === 'string' && body.error_code !== undefined ? body.message : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function notConnect({ status, contentType }: HttpAnswer, url: string): WorkerUnreachableException {
  const what = contentType === '' ? '' : `, ${contentType.replace(/;.*/, '')}`;
  return new WorkerUnreachableException(
    `What answers at ${url} is no Kafka Connect worker, or something in front of it (HTTP ${status}${what})`,
    { key: url, hint: 'Check the port and the path of --url.' },
  );
}
