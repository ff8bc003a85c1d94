import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { Herder } from '../runtime/herder.ts';
import type { Authenticate } from './basic-auth.ts';
import { CONNECTOR_PLUGINS_RESOURCE } from './connector-plugins-resource.ts';
import { CONNECTORS_RESOURCE } from './connectors-resource.ts';
import { exactJson } from './exact-json.ts';
import { LOGGING_RESOURCE } from './logging-resource.ts';
import { OFFSETS_RESOURCE } from './offsets-resource.ts';
import { OPENAPI_PATH, openApiDocument } from './openapi.ts';
import { checkContentType, jsonBody, type ReceivedBody } from './request-body.ts';
import { parseTarget } from './request-target.ts';
import { type ResponseHeaders, withResponseHeaders } from './response-headers.ts';
import { messageOf, RestException, statusOf } from './rest-exception.ts';
import { rootResource } from './root-resource.ts';
import { type Answer, ok, type Route } from './route.ts';
import { Router } from './router.ts';

/** A request without its socket. */
export interface RestRequest extends ReceivedBody {
  method: string;
  /** As it stands in the request line: `/connectors/a%20b?expand=info`. */
  target: string;
  accept?: string | undefined;
  authorization?: string | undefined;
  /** `http://localhost:8083`, as the client dialled it. */
  origin: string;
}

export interface RestResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

export interface RestAppOptions {
  herder: Herder;
  logger: Logger;
  time: Time;
  routes: readonly Route[];
  /** Absent or null: everybody may ask. */
  authenticate?: Authenticate | null;
  headers?: ResponseHeaders;
  /** What an error says, without what must not be shown. */
  hide?: (text: string) => string;
}

/** Everything but `admin/loggers`; `commit` is what `GET /` says of this build. */
export function connectRoutes(commit: string): readonly Route[] {
  return [...rootResource(commit), ...CONNECTORS_RESOURCE, ...OFFSETS_RESOURCE, ...CONNECTOR_PLUGINS_RESOURCE];
}

export const ADMIN_ROUTES: readonly Route[] = LOGGING_RESOURCE;

/** These routes, and the one that describes them all. */
export function described(routes: readonly Route[]): readonly Route[] {
  const all: Route[] = [...routes];
  all.push({
    method: 'GET',
    path: OPENAPI_PATH,
    summary: 'This description.',
    answers: { 200: { type: 'object', additionalProperties: {} } },
    handle: () => ok(openApiDocument(all)),
  });
  return all;
}

/** Nothing of an answer is to be run, framed, kept or guessed at by a browser. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Connect's REST API as an application: no sockets, no guard. */
export class RestApp {
  readonly #options: RestAppOptions;
  readonly #logger: Logger;
  readonly #router: Router;

  constructor(options: RestAppOptions) {
    this.#options = options;
    this.#logger = options.logger.named('rest.RestServer');
    this.#router = new Router(options.routes);
  }

  /** Never rejects. */
  async answer(request: RestRequest): Promise<RestResponse> {
    const { method, target } = request;
    let response: RestResponse;
    try {
      response = respond(await this.#ask(request), method);
    } catch (error) {
      const status = statusOf(error);
      if (status >= 500) this.#logger.error(`${method} ${target} failed`, error);
      const headers = error instanceof RestException ? error.headers : {};
      response = respond(
        { status, body: { error_code: status, message: this.#hidden(messageOf(error)) }, headers },
        method,
      );
    }
    this.#logger.debug(`${method} ${target} ${response.status}`);
    const { headers = [], time } = this.#options;
    return { ...response, headers: withResponseHeaders(response.headers, headers, time.milliseconds()) };
  }

  #hidden(text: string): string {
    return this.#options.hide?.(text) ?? text;
  }

  #ask(request: RestRequest): Answer | Promise<Answer> {
    const { authenticate } = this.#options;
    if (authenticate && !authenticate(request.authorization))
      throw new RestException(401, 'User cannot access the resource.', undefined, {
        'www-authenticate': 'Basic realm="KafkaConnect"',
      });
    const { segments, query } = parseTarget(request.target);
    if (request.method === 'OPTIONS')
      return { status: 200, headers: { allow: this.#router.allowed(segments), 'content-length': '0' } };
    const { route, params } = this.#router.find(request.method, segments);
    checkContentType(request);
    checkAccept(request);
    return route.handle({
      herder: this.#options.herder,
      param: (name) => params.get(name) ?? '',
      query,
      body: () => jsonBody(request),
      origin: request.origin,
    });
  }
}

function respond({ status, body, headers }: Answer, method: string): RestResponse {
  if (body === undefined) return { status, headers: { ...HEADERS, ...headers }, body: null };
  const text = exactJson(body);
  const length = String(Buffer.byteLength(text));
  return {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json', 'content-length': length, ...headers },
    body: method === 'HEAD' ? null : text,
  };
}

function checkAccept({ accept = '' }: RestRequest): void {
  if (accept.trim() === '' || /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json))\s*(?:[;,]|$)/i.test(accept)) return;
  throw new RestException(406, 'HTTP 406 Not Acceptable');
}
