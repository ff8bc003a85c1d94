import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REST_CALLS } from './calls.ts';
import type { RestAnswer } from './play.ts';
import type { RestCall } from './rest-call.ts';

export function recordedRestAnswers(): RestAnswer[] {
  const file = join(import.meta.dirname, '../../fixtures/connect-rest/answers.jsonl');
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line, i) => {
    const { call, ...answer } = JSON.parse(line) as RestAnswer & { call: string };
    const expected = REST_CALLS[i];
    if (call !== `${expected?.method} ${expected?.path}`)
      throw new Error(
        `Answer ${i} is of ${call}, not of ${expected?.path}: record again (tests/kit/connect-rest/record.ts)`,
      );
    return answer;
  });
}

/** What is not as in Kafka Connect and not meant to be: `POST /connectors: status 400 instead of 500`. */
export function unmeantDifferences(ours: readonly RestAnswer[], theirs: readonly RestAnswer[]): string[] {
  return REST_CALLS.flatMap((call, i) => {
    const [our, their] = [ours[i] as RestAnswer, theirs[i] as RestAnswer];
    const name = `#${i} ${call.method} ${call.path}`;
    const expected = call.differs?.status ?? their.status;
    if (our.status !== expected)
      return [`${name}: status ${our.status} instead of ${expected} ${JSON.stringify(our.body)}`];
    if (
      our.status === their.status &&
      decodeURIComponent(our.location ?? '') !== decodeURIComponent(their.location ?? '')
    )
      return [`${name}: Location ${our.location} instead of ${their.location}`];
    if (typeDiffers(our, their)) return [`${name}: type ${our.type} instead of ${their.type}`];
    if (call.differs !== undefined && our.status === their.status && differences('', our.body, their.body).length === 0)
      return [`${name}: no longer different`];
    return bodyDifferences(name, call.differs, our.body, their.body);
  });
}

/** JSON is always called so; Connect leaves that out where its HTTP framework answers, and its HTTP server sends pages. */
function typeDiffers(our: RestAnswer, their: RestAnswer): boolean {
  if (our.type === their.type) return false;
  const isJson = our.type === 'application/json';
  return !(isJson && (their.type === undefined || their.type === 'text/html'));
}

function bodyDifferences(name: string, differs: RestCall['differs'], our: unknown, their: unknown): string[] {
  if (differs?.message !== undefined) {
    const { message } = our as { message: string };
    const same = differs.message instanceof RegExp ? differs.message.test(message) : differs.message === message;
    return same ? [] : [`${name}: message ${message}`];
  }
  if (differs?.body !== undefined) {
    if (typeof differs.body === 'string') return contains(our, their) ? [] : [`${name}: ${JSON.stringify(our)}`];
    return contains(our, differs.body) ? [] : [`${name}: ${JSON.stringify(our)}`];
  }
  if (their === '<html>' || their === undefined)
    return nothingSaid(our, their) ? [] : [`${name}: body ${JSON.stringify(our)}`];
  return differences(name, our, their);
}

/** Where Connect sends a page of its HTTP server or nothing, ours sends its usual words about an error. */
function nothingSaid(our: unknown, their: unknown): boolean {
  return our === undefined ? their === undefined : isObject(our) && 'error_code' in our;
}

function differences(at: string, our: unknown, their: unknown): string[] {
  if (Object.is(our, their)) return [];
  if (isKeyList(our) && isKeyList(their)) {
    // Our connectors have more keys than Apache's; those of Apache have to be there, as they are.
    return their.flatMap((key) => {
      const own = our.find((it) => keyName(it) === keyName(key));
      return differences(`${at}[${keyName(key)}]`, withoutLooks(own), withoutLooks(key));
    });
  }
  // There may be more classes to choose from.
  if (at.endsWith('.recommended_values') && contains(our, their)) return [];
  if (Array.isArray(our) && Array.isArray(their)) {
    if (our.length !== their.length) return [`${at}: ${JSON.stringify(our)} instead of ${JSON.stringify(their)}`];
    return our.flatMap((item, i) => differences(`${at}[${i}]`, item, their[i]));
  }
  if (isObject(our) && isObject(their)) {
    return [...new Set([...Object.keys(our), ...Object.keys(their)])].flatMap((key) =>
      differences(`${at}.${key}`, our[key], their[key]),
    );
  }
  return [`${at}: ${JSON.stringify(our)} instead of ${JSON.stringify(their)}`];
}

type Key = { name?: string; value?: { name: string } };

/** Definitions of configuration keys, with or without their values. */
function isKeyList(value: unknown): value is Key[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((it) => isObject(it) && ('definition' in it || 'importance' in it))
  );
}

function keyName(key: Key): string {
  return key.value?.name ?? key.name ?? '';
}

/**
 * How a form shows a connector's own key is ours to say: Apache's connectors leave it open. Client overrides are listed
 * without their definitions.
 */
function withoutLooks(key: unknown): unknown {
  if (!isObject(key)) return key;
  if (/^(?:producer|consumer|admin)\.override\./.test(keyName(key))) return key.value;
  const definition = (isObject(key.definition) ? key.definition : key) as Record<string, unknown>;
  if (definition.group !== null) return key;
  const { display_name: _, width: __, ...rest } = definition;
  return isObject(key.definition) ? { ...key, definition: rest } : rest;
}

/** Everything of `part` is in `whole`; of lists each item is somewhere, its version apart. */
function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((item) => whole.some((it) => contains(it, item)));
  }
  if (isObject(part))
    return isObject(whole) && Object.entries(part).every(([key, it]) => key === 'version' || contains(whole[key], it));
  return Object.is(whole, part);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
