import { expect, test } from 'vitest';
import { parseResponseHeaders, withResponseHeaders } from '../../../../main/connect/rest/response-headers.ts';

const apply = (text: string, headers: Record<string, string> = {}) =>
  withResponseHeaders(headers, parseResponseHeaders(text), Date.UTC(2026, 10, 24, 11, 8, 34));

test('rules set and add fields, with text or a date so many milliseconds from now', () => {
  // The settings and the answers of Kafka Connect 4.3.1.
  expect(apply('add X-A: b, "set Cache-Control: no-cache, no-store", setDate X-D: 5, addDate Expires: 1000')).toEqual({
    'x-a': 'b',
    'cache-control': 'no-cache, no-store',
    'x-d': 'Tue, 24 Nov 2026 11:08:34 GMT',
    expires: 'Tue, 24 Nov 2026 11:08:35 GMT',
  });
});

test('set takes the place of a field that is there, add comes to it', () => {
  const headers = { 'x-a': '1', 'x-b': '1' };
  expect(apply('SET X-A: 2, Add X-B: 2', headers)).toEqual({ 'x-a': '2', 'x-b': '1, 2' });
});

test('nothing is no rule', () => {
  expect(parseResponseHeaders('')).toEqual([]);
  expect(parseResponseHeaders('  ')).toEqual([]);
});

test.each([
  ['set', "Invalid format of header config 'set'. Expected: '[action] [header name]:[header value]'"],
  ['drop X: 1', "Invalid header config action: 'drop'. Expected one of [set, add, setDate, addDate]"],
  ['set X', "Invalid format of header name and header value pair 'X'. Expected: '[header name]:[header value]'"],
  ['set X: a:b', "Invalid format of header name and header value pair 'X: a:b'"],
  ['set A B: 1', "Invalid header name 'A B'. The '[header name]' cannot contain whitespace"],
  ['set X: a\r\nSet-Cookie', "can't be a header of HTTP"],
  ['setDate X: soon', 'has to be a number of milliseconds'],
  ['set Access-Control-Allow-Origin: *', 'pages of other origins get no access'],
])('%j is refused', (text, message) => {
  expect(() => parseResponseHeaders(text)).toThrow(message);
});
