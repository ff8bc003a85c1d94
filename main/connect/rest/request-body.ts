import type { TargetState } from '../../../common/connect/connector-state-info.ts';
import { BadRequestException } from '../../../common/errors.ts';
import { JsonException, JsonNumber, parseStrictJson } from '../api/json-reader.ts';
import type { SourceMap } from '../api/records.ts';
import type { ReceivedConfig } from '../runtime/connector-validation.ts';
import type { OffsetChange } from '../runtime/herder.ts';
import { RestException } from './rest-exception.ts';

/** A configuration is some kilobytes; this leaves room for certificates in it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

type JsonObject = ReadonlyMap<string, unknown>;

/** A request's body as it arrives, and what its header fields say of it. */
export interface ReceivedBody {
  contentType: string | undefined;
  contentLength: string | undefined;
  chunks: AsyncIterable<Uint8Array>;
}

/** Throws 415 for what says that it is no JSON, whatever is done with it. Nothing said is fine while there is no body. */
export function checkContentType({ contentType }: ReceivedBody): void {
  if (contentType !== undefined && !/^application\/json\s*(?:;|$)/i.test(contentType)) {
    if (!/^[^/\s,;]+\/[^/\s,;]+\s*(?:;[^,]*)?$/.test(contentType))
      throw new RestException(400, `Bad Content-Type: ${contentType}`);
    throw new RestException(415, 'HTTP 415 Unsupported Media Type');
  }
}

/** The body as JSON with all its digits: objects are Maps, numbers JsonNumber. */
export async function jsonBody(received: ReceivedBody): Promise<unknown> {
  const bytes = await limitedBytes(received);
  if (bytes.length > 0 && received.contentType === undefined)
    throw new RestException(415, 'HTTP 415 Unsupported Media Type');
  let body: unknown;
  try {
    body = parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof JsonException)) throw error;
    throw new BadRequestException(`The request body is no valid JSON: ${error.message}`, { cause: error });
  }
  if (body === undefined || body === null) throw new BadRequestException('The request body is empty');
  return body;
}

async function limitedBytes({ contentLength, chunks }: ReceivedBody): Promise<Uint8Array> {
  const tooLarge = () => new RestException(413, `The request body is larger than ${MAX_BODY_BYTES} bytes`);
  if (Number(contentLength ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const taken: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    taken.push(chunk);
  }
  return Buffer.concat(taken);
}

/** A flat object; numbers and booleans become what they were written as. Null stays, to be refused by its key. */
export function asConfig(body: unknown, what = 'The request body'): ReceivedConfig {
  const entries = [...asObject(body, what)].map(([key, value]): [string, string | null] => {
    if (value instanceof Map || Array.isArray(value))
      throw new BadRequestException(
        `The value of ${key} must be text, not ${Array.isArray(value) ? 'a list' : 'an object'}`,
        { key },
      );
    return [key, value === null ? null : textOf(value)];
  });
  return Object.fromEntries(entries);
}

function textOf(value: unknown): string {
  return value instanceof JsonNumber ? value.text : String(value);
}

export interface CreateConnectorRequest {
  name: string;
  config: ReceivedConfig;
  targetState: TargetState | null;
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
    return value === null ? null : textOf(value);
  };
  if (!object.has('config')) throw new BadRequestException('The request has no config');
  return {
    name: trim(text('name') ?? ''),
    config: asConfig(object.get('config'), 'config'),
    targetState: targetStateOf(text('initial_state')),
  };
}

const INITIAL_STATES: ReadonlyMap<string, TargetState> = new Map([
  ['RUNNING', 'STARTED'],
  ['PAUSED', 'PAUSED'],
  ['STOPPED', 'STOPPED'],
]);

function targetStateOf(initialState: string | null): TargetState | null {
  if (initialState === null) return null;
  const state = INITIAL_STATES.get(initialState.toUpperCase());
  if (state === undefined)
    throw new BadRequestException(`initial_state ${initialState} is unknown: RUNNING, PAUSED and STOPPED are known`);
  return state;
}

/** `{"offsets": [{"partition": {…}, "offset": {…} | null}]}` with exact integers. Java: `ConnectorOffsets`. */
export function asOffsetChanges(body: unknown): OffsetChange[] {
  const list = asObject(body, 'The request body').get('offsets') ?? [];
  if (!Array.isArray(list)) throw new BadRequestException('offsets must be a list');
  return list.map((item) => {
    const change = asObject(item, 'Each of the offsets');
    const partition = change.get('partition') ?? null;
    const offset = change.get('offset') ?? null;
    return {
      partition: partition === null ? null : asSourceMap(partition, 'partition'),
      offset: offset === null ? null : asSourceMap(offset, 'offset'),
    };
  });
}

function asSourceMap(value: unknown, what: string): SourceMap {
  const entries = [...asObject(value, `The ${what} of each of the offsets`)].map(([key, it]) => {
    if (it instanceof Map || Array.isArray(it))
      throw new BadRequestException(`Offsets may only contain primitive types as values, but field '${key}' does not`);
    return [key, it instanceof JsonNumber ? it.value : it] as [string, SourceMap[string]];
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
