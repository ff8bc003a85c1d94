import type { Herder } from '../runtime/herder.ts';

export interface RouteRequest {
  herder: Herder;
  /** The decoded part of the path. */
  param(name: string): string;
  query: URLSearchParams;
  /** See `request-body.ts`. */
  body(): Promise<unknown>;
  /** `http://localhost:8083`, as the client dialled it. */
  origin: string;
}

export interface Answer {
  status: number;
  /** Written as JSON with exact integers; absent: no body. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** One thing that can be asked by REST: translates, calls the herder, translates back. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  handle(request: RouteRequest): Answer | Promise<Answer>;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export const ACCEPTED: Answer = { status: 202 };
export const NO_CONTENT: Answer = { status: 204 };

/** As Java reads it: anything but `true` is false. */
export function flag(query: URLSearchParams, name: string, otherwise = false): boolean {
  const text = query.get(name);
  return text === null ? otherwise : text.toLowerCase() === 'true';
}
