import { type Difference, WORDS } from './behaviour.ts';

/** What the sandbox is meant to answer, by what both did; `WORDS` become ours where we say something. */
export function meantAnswer({ sandbox }: Difference, ours: unknown, theirs: unknown): unknown {
  return withWords(typeof sandbox === 'function' ? sandbox(theirs) : sandbox, ours);
}

function withWords(meant: unknown, ours: unknown): unknown {
  if (meant === WORDS) return typeof ours === 'string' && /\w \w/.test(ours) ? ours : meant;
  if (typeof meant !== 'object' || meant === null || typeof ours !== 'object' || ours === null) return meant;
  if (Array.isArray(meant)) return meant.map((item, i) => withWords(item, (ours as unknown[])[i]));
  return Object.fromEntries(
    Object.entries(meant).map(([key, value]) => [key, withWords(value, (ours as Record<string, unknown>)[key])]),
  );
}
