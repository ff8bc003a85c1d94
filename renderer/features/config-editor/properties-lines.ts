/**
 * One line of a .properties file as Java reads it: an entry (with the lines that continue it), or what is none. `raw`
 * is the text as it stands, with its line ends, so that what nobody touches stays as it is. Java: `Properties.load`.
 */
export type PropertiesLine =
  | { readonly kind: 'entry'; readonly key: string; readonly value: string; readonly raw: string }
  | { readonly kind: 'other'; readonly raw: string };

/** Never fails: a broken `\u` is kept as its letters, and the worker says what it thinks of it. */
export function propertiesLines(text: string): PropertiesLine[] {
  const lines: PropertiesLine[] = [];
  const natural = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  for (let i = 0; i < natural.length; i++) {
    let raw = natural[i] as string;
    let logical = body(raw).replace(BLANKS, '');
    if (logical === '' || /^[#!]/.test(logical)) {
      lines.push({ kind: 'other', raw });
      continue;
    }
    while (continues(logical)) {
      logical = logical.slice(0, -1);
      const next = natural[i + 1];
      if (next === undefined) break;
      i++;
      raw += next;
      logical += body(next).replace(BLANKS, '');
    }
    lines.push({ kind: 'entry', ...split(logical), raw });
  }
  return lines;
}

const BLANKS = /^[ \t\f]+/;

function body(raw: string): string {
  return raw.replace(/[\r\n]+$/, '');
}

/** An odd number of backslashes at the end. */
function continues(line: string): boolean {
  return ((/\\+$/.exec(line)?.[0].length ?? 0) & 1) === 1;
}

function split(logical: string): { key: string; value: string } {
  const end = /^(?:[^\\ \t\f:=]|\\.)*/s.exec(logical)?.[0].length ?? 0;
  const rest = logical.slice(end).replace(/^[ \t\f]*[:=]?[ \t\f]*/, '');
  return { key: unescaped(logical.slice(0, end)), value: unescaped(rest) };
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
]);

function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\(.)/gs, (_, code: string | undefined, letter: string) =>
    code === undefined ? (NAMED.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
