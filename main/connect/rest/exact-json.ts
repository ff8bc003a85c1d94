/** JSON whose int64 numbers keep every digit: bigint is written as a number. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, it) => (typeof it === 'bigint' ? rawJson(it.toString()) : it));
}

/** In every Node and Electron that Runnel runs on; TypeScript's library doesn't know it yet. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
