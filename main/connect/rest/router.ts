import { RestException } from './rest-exception.ts';
import type { Route } from './route.ts';

export interface Found {
  route: Route;
  /** Decoded parts of the path by their names. */
  params: ReadonlyMap<string, string>;
}

interface Place {
  segments: readonly string[];
  routes: Map<string, Route>;
}

/** Finds the route of a request. Paths are few and none hides another, so each is tried in turn. */
export class Router {
  readonly #places: readonly Place[];

  constructor(routes: readonly Route[]) {
    const places = new Map<string, Place>();
    for (const route of routes) {
      const place = places.get(route.path) ?? {
        segments: route.path.split('/').filter((segment) => segment !== ''),
        routes: new Map<string, Route>(),
      };
      place.routes.set(route.method, route);
      places.set(route.path, place);
    }
    this.#places = [...places.values()];
  }

  /** Throws RestException 404 and 405. HEAD is found as GET. */
  find(method: string, segments: readonly string[]): Found {
    const place = this.#place(segments);
    const route = place.routes.get(method === 'HEAD' ? 'GET' : method);
    if (route === undefined)
      throw new RestException(405, 'HTTP 405 Method Not Allowed', undefined, { allow: allowed(place) });
    return { route, params: paramsOf(place, segments) };
  }

  /** What may be asked there: `GET, HEAD, OPTIONS, POST`. Throws RestException 404. */
  allowed(segments: readonly string[]): string {
    return allowed(this.#place(segments));
  }

  #place(segments: readonly string[]): Place {
    const place = this.#places.find(
      (it) =>
        it.segments.length === segments.length &&
        it.segments.every((segment, i) => segment.startsWith('{') || segment === segments[i]),
    );
    if (place === undefined) throw new RestException(404, 'HTTP 404 Not Found');
    return place;
  }
}

function allowed({ routes }: Place): string {
  const methods = [...routes.keys(), 'OPTIONS', ...(routes.has('GET') ? ['HEAD'] : [])];
  return methods.sort().join(', ');
}

function paramsOf(place: Place, segments: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    place.segments.flatMap((segment, i): [string, string][] =>
      segment.startsWith('{') ? [[segment.slice(1, -1), segments[i] as string]] : [],
    ),
  );
}
