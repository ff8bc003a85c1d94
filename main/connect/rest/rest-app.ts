import { type Context, Hono } from 'hono';
import type { Logger } from '../../../common/logger.ts';
import type { Herder } from '../runtime/herder.ts';
import { CONNECTOR_PLUGINS_RESOURCE } from './connector-plugins-resource.ts';
import { CONNECTORS_RESOURCE } from './connectors-resource.ts';
import { exactJson } from './exact-json.ts';
import { LOGGING_RESOURCE } from './logging-resource.ts';
import { OFFSETS_RESOURCE } from './offsets-resource.ts';
import { jsonBody } from './request-body.ts';
import { messageOf, RestException, statusOf } from './rest-exception.ts';
import { rootResource } from './root-resource.ts';
import type { Answer, Route } from './route.ts';

export interface RestAppOptions {
  herder: Herder;
  logger: Logger;
  /** What `GET /` says of this build. */
  commit: string;
}

/** Nothing of an answer is to be run, framed, kept or guessed at by a browser. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Connect's REST API as an application: no sockets, no guard. Tests ask it by `app.request`. */
export function restApp({ herder, logger, commit }: RestAppOptions): Hono {
  const app = new Hono({ strict: false });
  const routes: readonly Route[] = [
    ...rootResource(commit),
    ...CONNECTORS_RESOURCE,
    ...OFFSETS_RESOURCE,
    ...CONNECTOR_PLUGINS_RESOURCE,
    ...LOGGING_RESOURCE,
  ];
  for (const { method, path, handle } of routes) {
    app.on(method, path, async (context) => {
      checkAccept(context);
      const url = new URL(context.req.url);
      const answer = await handle({
        herder,
        param: (name) => context.req.param(name) ?? '',
        query: url.searchParams,
        body: () => jsonBody(context.req.raw),
        origin: url.origin,
      });
      return respond(answer);
    });
  }
  for (const path of new Set(routes.map((route) => route.path)))
    app.all(path, () => respond(failure(new RestException(405, 'HTTP 405 Method Not Allowed'))));
  app.notFound(() => respond(failure(new RestException(404, 'HTTP 404 Not Found'))));
  app.onError((error) => {
    const answer = failure(error);
    if (answer.status >= 500) logger.error('A REST request failed', error);
    return respond(answer);
  });
  return app;
}

function failure(error: unknown): Answer {
  const status = statusOf(error);
  return { status, body: { error_code: status, message: messageOf(error) } };
}

function respond({ status, body, headers }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers: { ...HEADERS, ...headers } });
  return new Response(exactJson(body), {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json', ...headers },
  });
}

function checkAccept(context: Context): void {
  const accept = context.req.header('accept');
  if (accept === undefined || /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json))/i.test(accept)) return;
  throw new RestException(406, 'HTTP 406 Not Acceptable');
}
