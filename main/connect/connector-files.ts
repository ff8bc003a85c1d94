import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { Properties } from 'properties-file/parser';
import type { TargetState } from '../../common/connect/connector-state-info.ts';
import { ConfigException } from '../../common/errors.ts';
import type { ConfigMap } from './api/connector.ts';
import { JsonException, parseExactJson } from './api/json-reader.ts';

/** A connector as a file describes it. */
export interface ConnectorFile {
  name: string;
  config: ConfigMap;
  /** `initial_state`; absent: STARTED */
  targetState?: TargetState;
}

/** The file of `connect-standalone`'s arguments, read and parsed. Throws ConfigException that names it. */
export function readConnectorFile(path: string): ConnectorFile {
  return parseConnectorFile(path, readText(path));
}

/** Settings of a worker. Throws ConfigException that names the file. */
export function readWorkerProperties(path: string): ConfigMap {
  return properties(path, readText(path));
}

/**
 * Either JSON form, else properties, in Connect's order: `{"name": "x", "connector.class": …}`, then
 * `{"name": "x", "config": {…}, "initial_state": "PAUSED"}`. Java: `ConnectStandalone.parseConnectorConfigurationFile`;
 * a file that begins like JSON and is none is told so, with its line.
 */
export function parseConnectorFile(path: string, text: string): ConnectorFile {
  if (!text.trimStart().startsWith('{')) return flat(path, new Map(Object.entries(properties(path, text))));
  const json = parseJsonFile(path, text);
  return json.get('config') instanceof Map ? createRequest(path, json) : flat(path, strings(path, json));
}

function flat(path: string, entries: ReadonlyMap<string, string>): ConnectorFile {
  const name = entries.get('name');
  if (name === undefined) {
    throw new ConfigException(`Connector configuration at '${path}' is missing the mandatory 'name' configuration`, {
      key: 'name',
      hint: 'Add name to it.',
    });
  }
  return { name, config: Object.fromEntries(entries) };
}

/** What else stands beside `config` is passed over, as in Connect: answers of its REST have `tasks` and `type` there. */
function createRequest(path: string, json: ReadonlyMap<string, unknown>): ConnectorFile {
  const entries = strings(path, json.get('config') as ReadonlyMap<string, unknown>);
  const name = json.get('name') ?? entries.get('name');
  if (typeof name !== 'string') throw wrong(path, '"name" is missing', 'name');
  const inner = entries.get('name');
  if (inner !== undefined && inner !== name) {
    throw new ConfigException(
      `Connector name configuration in 'config' doesn't match the one specified in 'name' at '${path}'`,
      { key: 'name', hint: 'Leave one of them out.' },
    );
  }
  return { name, config: { ...Object.fromEntries(entries), name }, ...initialState(path, json.get('initial_state')) };
}

const STATES: ReadonlyMap<string, TargetState> = new Map([
  ['RUNNING', 'STARTED'],
  ['PAUSED', 'PAUSED'],
  ['STOPPED', 'STOPPED'],
]);

function initialState(path: string, text: unknown): { targetState?: TargetState } {
  if (text === undefined || text === null) return {};
  const targetState = STATES.get(String(text).toUpperCase());
  if (targetState === undefined)
    throw wrong(path, `initial_state ${text} is unknown: RUNNING, PAUSED and STOPPED are known`, 'initial_state');
  return { targetState };
}

function parseJsonFile(path: string, text: string): ReadonlyMap<string, unknown> {
  try {
    return parseExactJson(text) as ReadonlyMap<string, unknown>;
  } catch (error) {
    if (!(error instanceof JsonException)) throw error;
    const at = /at character (\d+)/.exec(error.message)?.[1];
    const line = at === undefined ? '' : `, line ${text.slice(0, Number(at) - 1).split('\n').length}`;
    throw wrong(path, `it begins like JSON but is none${line}: ${error.message}`, path, error);
  }
}

function strings(path: string, json: ReadonlyMap<string, unknown>): Map<string, string> {
  return new Map(
    [...json].map(([key, value]) => {
      if (value === null || value instanceof Map || Array.isArray(value))
        throw wrong(path, `the value of "${key}" must be text, a number or a boolean`, key);
      return [key, String(value)];
    }),
  );
}

function properties(path: string, text: string): ConfigMap {
  const entries: [string, string][] = [];
  for (const { key, value, startingLineNumber } of lines(path, text)) {
    if (key === '') throw wrong(path, `line ${startingLineNumber} has no key`, path);
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function lines(path: string, text: string): { key: string; value: string; startingLineNumber: number }[] {
  try {
    return new Properties(text).getProperties();
  } catch (error) {
    throw wrong(path, (error as Error).message, path, error);
  }
}

/** Java reads properties as ISO 8859-1; what is UTF-8 is meant as UTF-8. */
function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ConfigException(`Can't read ${path}: ${(error as Error).message}`, {
      code: 'FILE_UNREADABLE',
      key: path,
      hint: 'Check the path and its permissions.',
      cause: error,
    });
  }
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').replace(/^\ufeff/, '');
}

function wrong(path: string, what: string, key: string, cause?: unknown): ConfigException {
  return new ConfigException(`${path} can't be used as a configuration: ${what}`, { key, cause });
}
