import { ConfigException } from '../../../common/errors.ts';

const KEY = 'response.http.headers.config';
const ACTIONS = ['set', 'add', 'setDate', 'addDate'] as const;

interface Rule {
  action: (typeof ACTIONS)[number];
  name: string;
  value: string;
}

/** What `response.http.headers.config` adds to every answer. */
export type ResponseHeaders = readonly Rule[];

/**
 * `set Cache-Control: no-cache, "add X: a, b"`, rules between commas, in quotes where they hold some. Throws
 * ConfigException with Connect's sentences. Java: `RestServerConfig.validateHttpResponseHeaderConfig`.
 */
export function parseResponseHeaders(text: string): ResponseHeaders {
  return splitRules(text).map(parseRule);
}

/** The header fields of an answer with those of the rules, names in lower case. Dates are `now` and the rule's ms. */
export function withResponseHeaders(
  headers: Readonly<Record<string, string>>,
  rules: ResponseHeaders,
  now: number,
): Record<string, string> {
  const all = new Map(Object.entries(headers));
  for (const { action, name, value } of rules) {
    const isDate = action === 'setDate' || action === 'addDate';
    const text = isDate ? new Date(now + Number(value)).toUTCString() : value;
    const before = action === 'add' || action === 'addDate' ? all.get(name) : undefined;
    all.set(name, before === undefined ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(all);
}

function splitRules(text: string): string[] {
  const rules = text.match(/(?:"[^"]*"|[^",])+/g) ?? [];
  return rules.map((rule) => rule.replaceAll('"', '').trim()).filter((rule) => rule !== '');
}

function parseRule(rule: string): Rule {
  const [, given = '', header] = /^(\S+)\s+([\s\S]+)$/.exec(rule) ?? [];
  if (header === undefined)
    throw invalid(`Invalid format of header config '${rule}'. Expected: '[action] [header name]:[header value]'`);
  const action = ACTIONS.find((it) => it.toLowerCase() === given.toLowerCase());
  if (action === undefined)
    throw invalid(`Invalid header config action: '${given}'. Expected one of [${ACTIONS.join(', ')}]`);
  const [name = '', value, ...more] = header.split(':');
  if (value === undefined || more.length > 0)
    throw invalid(
      `Invalid format of header name and header value pair '${header}'. Expected: '[header name]:[header value]'`,
    );
  const trimmed = name.trim();
  if (trimmed === '' || /\s/.test(trimmed))
    throw invalid(`Invalid header name '${trimmed}'. The '[header name]' cannot contain whitespace`);
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(trimmed) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw invalid(`'${header.trim()}' can't be a header of HTTP`);
  if (trimmed.toLowerCase().startsWith('access-control-'))
    throw invalid(`${trimmed} would let web pages in: pages of other origins get no access`);
  if (/Date$/.test(action) && !/^-?\d{1,15}$/.test(value.trim()))
    throw invalid(`The value of ${given} ${trimmed} has to be a number of milliseconds`);
  return { action, name: trimmed.toLowerCase(), value: value.trim() };
}

function invalid(message: string): ConfigException {
  return new ConfigException(message, { key: KEY });
}
