import type { JsonNode, JsonObject } from './json-tree.ts';

/**
 * A JSON object as one line for a list, at most about `limit` characters: compact, digits kept, and the member that
 * tells most first. A list shows the first words of a record, and records often begin with ids and times. Undefined
 * where no member stands out: then the record's own text is as good.
 */
export function jsonPreview(node: JsonNode, limit: number): string | undefined {
  if (node.type !== 'object') return undefined;
  const telling = tellingMember(node);
  if (telling <= 0) return undefined;
  const writer = new Writer(limit);
  const members = [node.members[telling]!, ...node.members.slice(0, telling), ...node.members.slice(telling + 1)];
  writer.write({ type: 'object', members });
  return writer.text;
}

/** Three words; or a few signs of a script that puts no space between them. */
const WORDS =
  /\S\s+\S+\s+\S|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]{4}/u;

/** Index of the longest text of several words among the members themselves; -1 for none. */
function tellingMember({ members }: JsonObject): number {
  let best = -1;
  let longest = 0;
  members.forEach(({ value }, index) => {
    if (value.type !== 'string' || value.value.length <= longest || !WORDS.test(value.value)) return;
    best = index;
    longest = value.value.length;
  });
  return best;
}

/** Depth of nesting that a line shows; deeper is dots. Recursion ends there too. */
const MOST_DEPTH = 8;

class Writer {
  text = '';
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(node: JsonNode, depth = 0): void {
    if (this.text.length > this.#limit) return;
    switch (node.type) {
      case 'string':
        this.text += JSON.stringify(node.value.length > this.#limit ? node.value.slice(0, this.#limit) : node.value);
        return;
      case 'number':
        this.text += node.digits;
        return;
      case 'constant':
        this.text += String(node.value);
        return;
      case 'array':
        this.#list('[', ']', node.elements, depth, (element) => this.write(element, depth + 1));
        return;
      case 'object':
        this.#list('{', '}', node.members, depth, ({ name, value }) => {
          this.text += `${JSON.stringify(name)}:`;
          this.write(value, depth + 1);
        });
    }
  }

  #list<T>(open: string, close: string, items: readonly T[], depth: number, write: (item: T) => void): void {
    this.text += open;
    if (depth >= MOST_DEPTH && items.length > 0) this.text += '…';
    else {
      for (const [index, item] of items.entries()) {
        if (this.text.length > this.#limit) return;
        if (index > 0) this.text += ',';
        write(item);
      }
    }
    this.text += close;
  }
}
