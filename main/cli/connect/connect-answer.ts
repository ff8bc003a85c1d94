/**
 * An answer's JSON as plain values. Numbers that a double would change (integers beyond 2^53, `1.0`, `1e400`) stay as
 * they were written: `writeAnswer` gives them back digit by digit. Throws SyntaxError.
 */
export function parseAnswer(text: string): unknown {
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

/** JSON for people (indented) or for a request, with all digits of what `parseAnswer` read; bigint is a number. */
export function writeAnswer(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, it) => (typeof it === 'bigint' ? rawJson(it.toString()) : it), indent);
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? rawJson(source) : value;
}

/** In every Node that Runnel runs on; TypeScript's library doesn't know it yet. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown };
