import { RestException } from './rest-exception.ts';

export interface RequestTarget {
  /** Decoded, without parameters (`;a=b`) and a slash at the end. */
  segments: readonly string[];
  query: URLSearchParams;
}

/**
 * The target of a request as Jetty and Jersey take it: `..` and `+` are names like others, and what could be read in two
 * ways is refused with 400: empty segments, dots in percent, NUL, bytes that are no UTF-8. Unlike there, `%2F`, `%5C`
 * and `%25` stand for themselves, so that every connector that there is can be named.
 */
export function parseTarget(target: string): RequestTarget {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (!path.startsWith('/')) throw bad('a path has to begin with /');
  if (path.includes('//')) throw bad('an empty segment is ambiguous');
  const segments = path.slice(1).split('/').map(decodeSegment);
  if (segments.at(-1) === '') segments.pop();
  return {
    segments,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
  };
}

function decodeSegment(encoded: string): string {
  const [text = ''] = encoded.split(';', 1);
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch (cause) {
    throw bad(`${text} is no valid percent-encoded UTF-8`, cause);
  }
  if (decoded.includes('\0')) throw bad('%00 has no place in a path');
  if (text !== decoded && (decoded === '.' || decoded === '..')) throw bad('an encoded dot segment is ambiguous');
  return decoded;
}

function bad(reason: string, cause?: unknown): RestException {
  return new RestException(400, `Bad request target: ${reason}`, cause);
}
