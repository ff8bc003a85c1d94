import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * Lines of standard input as Java's `BufferedReader` has them: `\n`, `\r` and `\r\n` end one, and nothing else does
 * (`node:readline` also cuts at U+2028, which a record may hold). A last line needs no end. Ends when `signal` aborts; the
 * input is closed then.
 */
export async function* inputLines(input: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  /** The chunk before ended with \r: a \n at the beginning of the next belongs to it. */
  let afterReturn = false;
  const chunks = input[Symbol.asyncIterator]();
  const aborted = new Promise<{ done: true; value: undefined }>((resolve) =>
    signal.addEventListener('abort', () => resolve({ done: true, value: undefined }), { once: true }),
  );
  while (!signal.aborted) {
    const { done, value } = await Promise.race([chunks.next(), aborted]);
    if (done) break;
    let text = typeof value === 'string' ? value : decoder.write(value);
    if (text === '') continue;
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    afterReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|[\r\n]/);
    const last = lines.pop() as string;
    for (const line of lines) {
      yield begun + line;
      begun = '';
    }
    begun += last;
  }
  if (signal.aborted) return void input.destroy();
  begun += decoder.end();
  if (begun !== '') yield begun;
}
