import { DataException } from '../errors.ts';

/**
 * JSON as it stands in a record: numbers keep their digits (`1860243019874467466` stays itself, `1.0` stays `1.0`),
 * names keep their order and may repeat. Nothing goes through a double. RFC 8259.
 */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonConstant;

export interface JsonObject {
  readonly type: 'object';
  readonly members: readonly JsonMember[];
}
export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
}
export interface JsonArray {
  readonly type: 'array';
  readonly elements: readonly JsonNode[];
}
export interface JsonString {
  readonly type: 'string';
  readonly value: string;
}
export interface JsonNumber {
  readonly type: 'number';
  /** The characters of the source, never a double. */
  readonly digits: string;
}
export interface JsonConstant {
  readonly type: 'constant';
  readonly value: true | false | null;
}

/** Text that is not JSON; `offset` counts UTF-16 units from the start. */
export class JsonSyntaxException extends DataException {
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(`Not JSON: ${reason} at character ${offset + 1}`, { code: 'INVALID_JSON' });
    this.offset = offset;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;
const SPACE = /[ \t\n\r]*/y;
const CONSTANTS = [
  ['true', { type: 'constant', value: true }],
  ['false', { type: 'constant', value: false }],
  ['null', { type: 'constant', value: null }],
] as const satisfies readonly (readonly [string, JsonConstant])[];

type Open =
  | { type: 'object'; members: JsonMember[]; name: string }
  | { type: 'array'; elements: JsonNode[]; name?: undefined };

/**
 * Parses one JSON document. Any depth: the stack is on the heap, so hostile nesting costs memory, never a crash.
 * @throws JsonSyntaxException
 */
export function parseJson(text: string): JsonNode {
  return new JsonReader(text).document();
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const open: Open[] = [];
    for (;;) {
      this.#space();
      const started = this.#start();
      let node: JsonNode;
      if (started === undefined) node = this.#scalar();
      else if (this.#take(started.type === 'array' ? ']' : '}')) node = started;
      else {
        if (started.type === 'object') started.name = this.#name();
        open.push(started);
        continue;
      }
      // A value is complete: hand it to its parent, closing every parent that ends here.
      for (;;) {
        const parent = open.at(-1);
        if (!parent) return this.#end(node);
        if (parent.type === 'array') parent.elements.push(node);
        else parent.members.push({ name: parent.name, value: node });
        if (this.#take(',')) {
          if (parent.type === 'object') parent.name = this.#name();
          break;
        }
        if (!this.#take(parent.type === 'array' ? ']' : '}'))
          throw this.#error(`expected , or ${parent.type === 'array' ? ']' : '}'}`);
        open.pop();
        node = parent;
      }
    }
  }

  #end(node: JsonNode): JsonNode {
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('text after the end of the document');
    return node;
  }

  #scalar(): JsonNode {
    const first = this.#text[this.#at];
    if (first === '"') return { type: 'string', value: this.#string() };
    for (const [word, node] of CONSTANTS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return node;
      }
    }
    const digits = this.#match(NUMBER);
    if (digits === undefined) throw this.#error(first === undefined ? 'the text ends too early' : 'expected a value');
    return { type: 'number', digits };
  }

  #start(): (Open & JsonNode) | undefined {
    const first = this.#text[this.#at];
    if (first !== '{' && first !== '[') return undefined;
    this.#at++;
    return first === '{' ? { type: 'object', members: [], name: '' } : { type: 'array', elements: [] };
  }

  #name(): string {
    this.#space();
    if (this.#text[this.#at] !== '"') throw this.#error('expected a name in double quotes');
    const name = this.#string();
    if (!this.#take(':')) throw this.#error('expected :');
    return name;
  }

  #string(): string {
    const plain = this.#match(PLAIN_STRING);
    if (plain !== undefined) return plain.slice(1, -1);
    const escaped = this.#match(STRING);
    if (escaped === undefined) throw this.#error('a string that does not end, or holds a control character');
    return JSON.parse(escaped) as string;
  }

  /** Takes white space and then `character`, if it is there. */
  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #error(reason: string): JsonSyntaxException {
    return new JsonSyntaxException(reason, this.#at);
  }
}
