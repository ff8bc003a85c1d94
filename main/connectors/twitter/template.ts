import type { Random } from './random.ts';

/** What stands for the names in braces that mean more than a list of words. */
export interface Slots {
  /** `{@}` */
  mention(): string;
  /** `{link:a|b}` with one of the pages. */
  link(page: string): string;
}

type Choice = readonly (readonly Node[])[];
type Node = string | Choice | { from: number; to: number } | { slot: string; pages: string[] } | { list: Choice };

/** A text with choices, read once and said in many ways; the grammar is told in `phrases/language.ts`. */
export class Template {
  readonly #nodes: readonly Node[];

  private constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  /** Throws when braces don't match or a name is in no list: a mistake in the phrases. */
  static parseAll(texts: readonly string[], words: ReadonlyMap<string, string>): Template[] {
    const lists = new Lists(words);
    return texts.map((text) => new Template(parse(text, lists)));
  }

  /** A list that is named twice gives two different words. */
  expand(random: Random, slots: Slots): string {
    return say(this.#nodes, random, { slots, used: new Map() });
  }
}

interface Expansion {
  slots: Slots;
  /** What was last taken of a list. */
  used: Map<Choice, number>;
}

/** Every list is parsed once and is the same value wherever it is named. */
class Lists {
  readonly #words: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, Choice>();

  constructor(words: ReadonlyMap<string, string>) {
    this.#words = words;
  }

  get(name: string): Choice {
    const known = this.#parsed.get(name);
    if (known !== undefined) return known;
    const text = this.#words.get(name);
    if (text === undefined) throw new Error(`{${name}} is in no list`);
    const list = splitTop(text).map((part) => parse(part, this));
    this.#parsed.set(name, list);
    return list;
  }
}

function parse(text: string, lists: Lists): Node[] {
  const nodes: Node[] = [];
  let plain = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '}') throw new Error(`unmatched } in ${text}`);
    if (text[i] !== '{') continue;
    const end = closingBrace(text, i);
    if (i > plain) nodes.push(text.slice(plain, i));
    nodes.push(parseBraces(text.slice(i + 1, end), lists));
    plain = end + 1;
    i = end;
  }
  if (plain < text.length) nodes.push(text.slice(plain));
  return nodes;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  throw new Error(`unmatched { in ${text}`);
}

function parseBraces(inner: string, lists: Lists): Node {
  const number = /^n:(\d+)-(\d+)$/.exec(inner);
  if (number) return { from: Number(number[1]), to: Number(number[2]) };
  if (inner === '@' || inner === 'time') return { slot: inner, pages: [] };
  if (inner.startsWith('link:')) return { slot: 'link', pages: inner.slice(5).split('|') };
  if (inner.includes('|')) return splitTop(inner).map((part) => parse(part, lists));
  return { list: lists.get(inner) };
}

/** At the bars that are in no inner braces. */
export function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
    else if (text[i] === '|' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function say(nodes: readonly Node[], random: Random, expansion: Expansion): string {
  let text = '';
  for (const node of nodes) {
    if (typeof node === 'string') text += node;
    else if ('from' in node) text += node.from + random.int(node.to - node.from + 1);
    else if ('slot' in node) text += fill(node, random, expansion.slots);
    else if ('list' in node) text += say(fromList(node.list, random, expansion.used), random, expansion);
    else text += say(node[random.int(node.length)] as readonly Node[], random, expansion);
  }
  return text;
}

function fromList(list: Choice, random: Random, used: Map<Choice, number>): readonly Node[] {
  const before = used.get(list);
  let index = random.int(list.length);
  if (index === before) index = (index + 1) % list.length;
  used.set(list, index);
  return list[index] as readonly Node[];
}

function fill(node: { slot: string; pages: string[] }, random: Random, slots: Slots): string {
  if (node.slot === '@') return slots.mention();
  if (node.slot === 'link') return slots.link(node.pages[random.int(node.pages.length)] as string);
  return `${7 + random.int(16)}:${String(random.int(12) * 5).padStart(2, '0')}`;
}
