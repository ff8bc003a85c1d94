import { BadRequestException } from '../../../common/errors.ts';
import { Decimal } from '../api/decimal.ts';
import { JsonException, parseExactJson } from '../api/json-reader.ts';
import type { SourceMap } from '../api/records.ts';
import type { ReceivedConfig } from '../runtime/connector-validation.ts';
import type { OffsetChange } from '../runtime/herder.ts';
import { RestException } from './rest-exception.ts';

/** A configuration is some kilobytes; this leaves room for certificates in it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

type JsonObject = ReadonlyMap<string, unknown>;

/** The body as JSON with all its digits: objects are Maps, integers bigint, other numbers Decimal. */
export async function jsonBody(request: Request): Promise<unknown> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(contentType))
    throw new RestException(415, 'HTTP 415 Unsupported Media Type');
  const bytes = await limitedBytes(request);
  let body: unknown;
  try {
    body = parseExactJson(bytes);
  } catch (error) {
    if (!(error instanceof JsonException)) throw error;
    throw new BadRequestException(`The request body is no valid JSON: ${error.message}`, { cause: error });
  }
  if (body === undefined || body === null) throw new BadRequestException('The request body is empty');
  return body;
}

async function limitedBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = () => new RestException(413, `The request body is larger than ${MAX_BODY_BYTES} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A flat object whose numbers and booleans become strings, as in Connect; null stays, to be refused by its key. */
export function asConfig(body: unknown, what = 'The request body'): ReceivedConfig {
  const entries = [...asObject(body, what)].map(([key, value]): [string, string | null] => {
    if (value instanceof Map || Array.isArray(value))
      throw new BadRequestException(
        `The value of ${key} must be text, not ${Array.isArray(value) ? 'a list' : 'an object'}`,
        {
          key,
        },
      );
    return [key, value === null ? null : String(value)];
  });
  return Object.fromEntries(entries);
}

export interface CreateConnectorRequest {
  name: string;
  config: ReceivedConfig;
  initialState: string | null;
}

/** `{"name": …, "config": {…}, "initial_state": …}`. Java: `CreateConnectorRequest`. */
export function asCreateConnectorRequest(body: unknown): CreateConnectorRequest {
  const object = asObject(body, 'The request body');
  for (const key of object.keys()) {
    if (!['name', 'config', 'initial_state'].includes(key))
      throw new BadRequestException(`Unrecognized field "${key}": known are "name", "config" and "initial_state"`);
  }
  const text = (key: string) => {
    const value = object.get(key) ?? null;
    if (value instanceof Map || Array.isArray(value)) throw new BadRequestException(`${key} must be text`);
    return value === null ? null : String(value);
  };
  if (!object.has('config')) throw new BadRequestException('The request has no config');
  return {
    name: trim(text('name') ?? ''),
    config: asConfig(object.get('config'), 'config'),
    initialState: text('initial_state'),
  };
}

/** `{"offsets": [{"partition": {…}, "offset": {…} | null}]}` with exact integers. Java: `ConnectorOffsets`. */
export function asOffsetChanges(body: unknown): OffsetChange[] {
  const list = asObject(body, 'The request body').get('offsets') ?? [];
  if (!Array.isArray(list)) throw new BadRequestException('offsets must be a list');
  return list.map((item) => {
    const change = asObject(item, 'Each of the offsets');
    const offset = change.get('offset') ?? null;
    return {
      partition: asSourceMap(change.get('partition') ?? null, 'partition'),
      offset: offset === null ? null : asSourceMap(offset, 'offset'),
    };
  });
}

function asSourceMap(value: unknown, what: string): SourceMap {
  const entries = [...asObject(value, `The ${what} of each of the offsets`)].map(([key, it]) => {
    if (it instanceof Map || Array.isArray(it))
      throw new BadRequestException(`Offsets may only contain primitive types as values, but field '${key}' does not`);
    return [key, it instanceof Decimal ? it.toNumber() : it] as [string, SourceMap[string]];
  });
  return Object.fromEntries(entries);
}

/** Java's trim: everything up to the space goes, control characters too. */
function trim(text: string): string {
  return text.replace(/^[\0- ]+|[\0- ]+$/g, '');
}

function asObject(value: unknown, what: string): JsonObject {
  if (value instanceof Map) return value as JsonObject;
  throw new BadRequestException(`${what} must be a JSON object`);
}
