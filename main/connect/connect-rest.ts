import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { ConfigException } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { ConfigMap } from './api/connector.ts';
import { readWorkerProperties } from './connector-files.ts';
import { type Authenticate, BASIC_AUTH_EXTENSION, basicAuth } from './rest/basic-auth.ts';
import { bindingOf, type Listener, parseListeners } from './rest/listeners.ts';
import { parseResponseHeaders, type ResponseHeaders } from './rest/response-headers.ts';
import { ADMIN_ROUTES, connectRoutes, described, RestApp } from './rest/rest-app.ts';
import { RestServer } from './rest/rest-server.ts';
import { type TlsSettings, tlsSettings } from './rest/tls-settings.ts';
import type { Herder } from './runtime/herder.ts';
import type { WorkerConfig } from './runtime/worker-config.ts';

export interface ConnectRestOptions {
  worker: WorkerConfig;
  /** Where REST is served when `listeners` doesn't say; busy ports are passed over. null: nowhere. */
  defaultPort: number | null;
  /** What `KAFKA_OPTS` says: Java's system properties, the JAAS file among them. */
  kafkaOpts: string | undefined;
  time: Time;
  logger: Logger;
  /** Of the text of an error: without what must not be shown. */
  hide?: (text: string) => string;
}

const LISTENERS = 'listeners';
const ADMIN_LISTENERS = 'admin.listeners';

/** The worker's REST as its settings want it: listeners, TLS, authentication, header fields. */
export class ConnectRest {
  readonly #options: ConnectRestOptions;
  readonly #authenticate: Authenticate | null;
  readonly #headers: ResponseHeaders;
  readonly #servers: RestServer[] = [];
  readonly #adminServers: RestServer[] = [];

  private constructor(options: ConnectRestOptions) {
    this.#options = options;
    const { parsed } = options.worker;
    this.#authenticate = authenticationOf(parsed['rest.extension.classes'], options.kafkaOpts);
    this.#headers = parseResponseHeaders(parsed['response.http.headers.config']);
  }

  /** Listens at once and answers 503 until `serve`. Rejects with ConfigException or PORT_IN_USE. */
  static async listen(options: ConnectRestOptions): Promise<ConnectRest> {
    const rest = new ConnectRest(options);
    try {
      await rest.#listen();
      return rest;
    } catch (error) {
      await rest.close();
      throw error;
    }
  }

  /** `http://127.0.0.1:8083` of the first listener; null when there is none. */
  get url(): string | null {
    return this.#servers[0]?.url ?? null;
  }

  get urls(): { rest: string[]; admin: string[] } {
    return { rest: this.#servers.map(({ url }) => url), admin: this.#adminServers.map(({ url }) => url) };
  }

  /** `127.0.0.1:8083`: what the worker calls itself. Java: `RestServer.advertisedUrl`. */
  get workerId(): string {
    const { parsed } = this.#options.worker;
    const scheme = parsed['rest.advertised.listener']?.toLowerCase();
    const server =
      this.#servers.find((it) => it.scheme === (scheme ?? 'http')) ??
      (scheme === undefined ? this.#servers[0] : undefined);
    const port = parsed['rest.advertised.port'] ?? server?.port ?? this.#options.defaultPort ?? 8083;
    return `${parsed['rest.advertised.host.name'] ?? '127.0.0.1'}:${port}`;
  }

  serve(herder: Herder, commit: string): void {
    const { time, logger, hide } = this.#options;
    const app = { herder, time, hide, authenticate: this.#authenticate, headers: this.#headers, logger };
    const apart = this.#options.worker.parsed[ADMIN_LISTENERS] !== null;
    const routes = [...connectRoutes(commit), ...(apart ? [] : ADMIN_ROUTES)];
    for (const server of this.#servers) server.serve(new RestApp({ ...app, routes: described(routes) }));
    for (const server of this.#adminServers) server.serve(new RestApp({ ...app, routes: described(ADMIN_ROUTES) }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers, ...this.#adminServers].map((server) => server.close()));
  }

  async #listen(): Promise<void> {
    const { defaultPort, worker } = this.#options;
    const named = worker.parsed[LISTENERS];
    if (named === null) {
      if (defaultPort !== null) this.#servers.push(await RestServer.listen({ port: defaultPort, named: false }));
    } else {
      for (const listener of parseListeners(LISTENERS, named))
        this.#servers.push(await this.#open(LISTENERS, listener));
    }
    for (const listener of parseListeners(ADMIN_LISTENERS, worker.parsed[ADMIN_LISTENERS] ?? []))
      this.#adminServers.push(await this.#open(ADMIN_LISTENERS, listener));
  }

  #open(key: string, listener: Listener): Promise<RestServer> {
    const { properties, parsed } = this.#options.worker;
    const tls = listener.scheme === 'https' ? readTls(properties, `${key}.https.`) : undefined;
    const hasCredentials = this.#authenticate !== null || tls?.rejectUnauthorized === true;
    const { addresses, narrowed } = bindingOf(key, listener, hasCredentials);
    if (narrowed)
      this.#options.logger.warn(
        `${listener.text} in ${key} is served on this machine only, at 127.0.0.1 and [::1]: from other machines it takes https and credentials`,
      );
    const names = new Set([listener.host, parsed['rest.advertised.host.name']?.toLowerCase(), ...namesOfMachine()]);
    return RestServer.listen({
      port: listener.port,
      named: true,
      ...(addresses === undefined ? {} : { addresses, hasName: (host) => names.has(host) }),
      ...(tls === undefined ? {} : { tls }),
    });
  }
}

function authenticationOf(classes: readonly string[], kafkaOpts: string | undefined): Authenticate | null {
  for (const className of classes) {
    // Whoever named one counts on it: without it REST would be open.
    if (className !== BASIC_AUTH_EXTENSION)
      throw ConfigException.invalidValue(
        'rest.extension.classes',
        className,
        `there is one extension, ${BASIC_AUTH_EXTENSION}`,
      );
  }
  if (classes.length === 0) return null;
  return basicAuth({
    kafkaOpts,
    readText: (path) => readText(path),
    readProperties: readWorkerProperties,
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigException(`Failed to load ${path}: ${(error as Error).message}`, {
      key: 'java.security.auth.login.config',
      cause: error,
    });
  }
}

function readTls(properties: ConfigMap, prefix: string): TlsSettings {
  return tlsSettings(properties, prefix, (path) => readFileSync(path));
}

/** The names and addresses that this machine knows of itself; an attacker's name that leads here is none of them. */
function namesOfMachine(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return [hostname().toLowerCase(), ...addresses.map(({ address }) => address.toLowerCase())];
}
