import type { Herder } from '../runtime/herder.ts';
import type { Schema } from './schemas.ts';

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

export interface QueryParameter {
  name: string;
  description: string;
  schema: Schema;
}

/**
 * One thing that can be asked by REST: translates, calls the herder, translates back. What stands beside `handle` is
 * what the server says of itself in its OpenAPI document.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/connectors/{connector}/config` */
  path: string;
  summary: string;
  query?: readonly QueryParameter[];
  /** What the request has to bring, as JSON. */
  body?: Schema;
  /** The answers when all is well by their status; null: without a body. */
  answers: Readonly<Record<number, Schema | null>>;
  handle(request: RouteRequest): Answer | Promise<Answer>;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export const ACCEPTED: Answer = { status: 202 };
export const NO_CONTENT: Answer = { status: 204 };

/** As Java reads it: anything but `true` is false; without a value it is as if it were not there. */
export function flag(query: URLSearchParams, name: string, otherwise = false): boolean {
  const text = query.get(name) ?? '';
  return text === '' ? otherwise : text.toLowerCase() === 'true';
}
