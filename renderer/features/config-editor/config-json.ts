import { ConfigException } from '../../../common/errors.ts';
import { type JsonNode, JsonSyntaxException, parseJson } from '../../../common/kafka/json-tree.ts';
import { type ConfigDocument, entriesOf, valueIn, withEntries } from './config-document.ts';

/** The document as `POST /connectors` takes it. */
export function toJson(document: ConfigDocument): string {
  const name = valueIn(document, 'name');
  const members = [
    ...(name === undefined ? [] : [`  "name": ${JSON.stringify(name)}`]),
    ...document.beside.map((one) => `  ${JSON.stringify(one.name)}: ${one.json}`),
    `  "config": ${configJson(document)}`,
  ];
  return `{\n${members.join(',\n')}\n}\n`;
}

function configJson(document: ConfigDocument): string {
  const entries = entriesOf(document).filter(([key]) => key !== 'name');
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(',\n')}\n  }`;
}

/**
 * The document with what the JSON says: `{"name", "config"}`, or the keys alone. Numbers and booleans become text with
 * their digits, as in Connect. Throws ConfigException, JsonSyntaxException.
 */
export function fromJson(text: string, document: ConfigDocument): ConfigDocument {
  const json = parseJson(text);
  if (json.type !== 'object') throw wrong('The configuration must be a JSON object', '');
  const config = json.members.findLast((member) => member.name === 'config')?.value;
  if (config?.type !== 'object') return withEntries({ ...document, beside: [] }, texts(json));
  const inner = texts(config);
  const outer = json.members.findLast((member) => member.name === 'name')?.value;
  if (outer !== undefined && outer.type !== 'string') throw wrong('"name" must be text', 'name');
  const name = outer?.value;
  const within = inner.find(([key]) => key === 'name')?.[1];
  if (name !== undefined && within !== undefined && name !== within)
    throw wrong("Connector name configuration in 'config' doesn't match the one specified in 'name'", 'name');
  const beside = json.members
    .filter((member) => member.name !== 'name' && member.name !== 'config')
    .map((member) => ({ name: member.name, json: written(member.value) }));
  const entries = name === undefined || within !== undefined ? inner : placed(inner, name, document);
  return withEntries({ ...document, beside }, entries);
}

/** The name where the document has it, else first. */
function placed(entries: [string, string][], name: string, document: ConfigDocument): [string, string][] {
  const at = entriesOf(document).findIndex(([key]) => key === 'name');
  const place = Math.max(0, at);
  return [...entries.slice(0, place), ['name', name], ...entries.slice(place)];
}

/** The last of a name that stands there twice counts. */
function texts(json: JsonNode & { type: 'object' }): [string, string][] {
  const found = new Map<string, string>();
  for (const { name, value } of json.members) {
    if (value.type === 'string') found.set(name, value.value);
    else if (value.type === 'number') found.set(name, value.digits);
    else if (value.type === 'constant' && value.value !== null) found.set(name, String(value.value));
    else throw wrong(`The value of "${name}" must be text, a number or a boolean`, name);
  }
  return [...found];
}

function written(node: JsonNode): string {
  switch (node.type) {
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.digits;
    case 'constant':
      return String(node.value);
    case 'array':
      return `[${node.elements.map(written).join(', ')}]`;
    case 'object':
      return `{${node.members.map(({ name, value }) => `${JSON.stringify(name)}: ${written(value)}`).join(', ')}}`;
  }
}

function wrong(message: string, key: string): ConfigException {
  return new ConfigException(message, key === '' ? {} : { key });
}

/** The line of a text that is no JSON, counted from 1; null when the error says none. */
export function lineOf(error: unknown, text: string): number | null {
  return error instanceof JsonSyntaxException ? text.slice(0, error.offset).split('\n').length : null;
}
