import { type ConfigEntries, propertyLine } from '../../../common/connect/properties-text.ts';
import type { PropertiesLine } from './properties-lines.ts';
import { propertiesLines } from './properties-lines.ts';

/**
 * A configuration that is being written: entries in their order, with the comments and blank lines between them. The
 * form, JSON and .properties are views of it; none of them drops, reorders or rewrites what it does not change.
 */
export interface ConfigDocument {
  readonly lines: readonly PropertiesLine[];
  /** Members of the JSON form beside `name` and `config` (`initial_state`), as they stand. */
  readonly beside: readonly { readonly name: string; readonly json: string }[];
}

export const EMPTY_DOCUMENT: ConfigDocument = { lines: [], beside: [] };

export function documentOf(entries: ConfigEntries): ConfigDocument {
  return { ...EMPTY_DOCUMENT, lines: entries.map(([key, value]) => entry(key, value)) };
}

export function fromProperties(text: string, beside: ConfigDocument['beside'] = []): ConfigDocument {
  return { lines: propertiesLines(text), beside };
}

export function toProperties({ lines }: ConfigDocument): string {
  return lines.map(({ raw }) => raw).join('');
}

/** What counts: of a key that stands there twice the last one, in its place. */
export function entriesOf({ lines }: ConfigDocument): [string, string][] {
  const last = new Map<string, number>();
  for (const [at, line] of lines.entries()) if (line.kind === 'entry') last.set(line.key, at);
  return lines.flatMap((line, at): [string, string][] =>
    line.kind === 'entry' && last.get(line.key) === at ? [[line.key, line.value]] : [],
  );
}

export function valueIn(document: ConfigDocument, key: string): string | undefined {
  const line = document.lines.findLast((one) => one.kind === 'entry' && one.key === key);
  return line?.kind === 'entry' ? line.value : undefined;
}

/** As the worker takes it. */
export function configOf(document: ConfigDocument): Record<string, string> {
  return Object.fromEntries(entriesOf(document));
}

/** The value in its place; a key that is new goes to the end, or behind the last key that begins as `after` says. */
export function setValue(document: ConfigDocument, key: string, value: string, after?: string): ConfigDocument {
  if (valueIn(document, key) === value) return document;
  const at = document.lines.findLastIndex((line) => line.kind === 'entry' && line.key === key);
  if (at >= 0) return { ...document, lines: document.lines.with(at, entry(key, value)) };
  const behind =
    after === undefined
      ? -1
      : document.lines.findLastIndex((line) => line.kind === 'entry' && line.key.startsWith(after));
  const place = behind < 0 ? document.lines.length : behind + 1;
  const before = document.lines.slice(0, place).map(ended);
  return { ...document, lines: [...before, entry(key, value), ...document.lines.slice(place)] };
}

/** Every line of the key goes; comments stay. */
export function removeKey(document: ConfigDocument, key: string): ConfigDocument {
  const lines = document.lines.filter((line) => line.kind !== 'entry' || line.key !== key);
  return lines.length === document.lines.length ? document : { ...document, lines };
}

/**
 * These entries instead of those that are there. Lines of keys that stay as they are stay too, and so does every
 * comment: before the key that it stood before, or before what came next when that key is gone.
 */
export function withEntries(document: ConfigDocument, entries: ConfigEntries): ConfigDocument {
  const before = entriesOf(document);
  if (before.length === entries.length && before.every(([k, v], i) => k === entries[i]?.[0] && v === entries[i]?.[1]))
    return document;
  const wanted = new Set(entries.map(([key]) => key));
  const last = new Map<string, PropertiesLine>();
  for (const line of document.lines) if (line.kind === 'entry') last.set(line.key, line);
  const own = new Map<string, { lead: PropertiesLine[]; line: PropertiesLine & { kind: 'entry' } }>();
  let lead: PropertiesLine[] = [];
  for (const line of document.lines) {
    if (line.kind === 'other') lead.push(line);
    else if (wanted.has(line.key) && last.get(line.key) === line) {
      own.set(line.key, { lead, line });
      lead = [];
    }
  }
  const lines = entries.flatMap(([key, value]) => {
    const there = own.get(key);
    return [...(there?.lead ?? []), there?.line.value === value ? there.line : entry(key, value)];
  });
  return { ...document, lines: [...lines, ...lead].map((line, i, all) => (i < all.length - 1 ? ended(line) : line)) };
}

function entry(key: string, value: string): PropertiesLine & { kind: 'entry' } {
  return { kind: 'entry', key, value, raw: `${propertyLine(key, value)}\n` };
}

/** With an end of line: the last line of a text may have none, and another one follows it now. */
function ended(line: PropertiesLine): PropertiesLine {
  return /[\r\n]$/.test(line.raw) ? line : { ...line, raw: `${line.raw}${line.raw.endsWith('\\') ? '\n' : ''}\n` };
}
