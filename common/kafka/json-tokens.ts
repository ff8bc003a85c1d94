/** One line of JSON, cut into pieces that a list colours; made from a prefix, so nothing needs to be complete. */
export interface JsonToken {
  readonly kind: 'name' | 'string' | 'number' | 'constant' | 'punctuation';
  readonly text: string;
  /** Where it stands in the source, UTF-16. */
  readonly at: number;
}

const PIECE =
  /("(?:[^"\\]|\\.)*(?:"|$))(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:])|(\s+)|([^"\d\s{}[\],:-]+|.)/gsu;

/**
 * The first `limit` characters of a JSON text as tokens, white space dropped and names without their quotes:
 * `{lang:"de",n:1}`. Never fails: what is no JSON comes out as punctuation. Strings keep their escapes.
 */
export function jsonTokens(text: string, limit = 500): JsonToken[] {
  const tokens: JsonToken[] = [];
  for (const match of cut(text, limit).matchAll(PIECE)) {
    const [piece, string, colon, number, constant, , space] = match;
    const at = match.index;
    if (space !== undefined) continue;
    if (string !== undefined) {
      if (colon !== undefined) {
        tokens.push({ kind: 'name', text: string.slice(1, string.endsWith('"') ? -1 : undefined), at: at + 1 });
        tokens.push({ kind: 'punctuation', text: ':', at: at + string.length });
      } else tokens.push({ kind: 'string', text: string, at });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (constant !== undefined) tokens.push({ kind: 'constant', text: constant, at });
    else tokens.push({ kind: 'punctuation', text: piece === ',' ? ', ' : piece, at });
  }
  return tokens;
}

/** A prefix that does not end in half a surrogate pair. */
function cut(text: string, limit: number): string {
  const prefix = text.slice(0, limit);
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}
