import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** How an answer is taken: `hidden` shows nothing of what is typed. */
export interface AskOptions {
  hidden?: boolean;
}

/** Asks the person at the terminal; the question goes to stderr, so that stdout stays data. Null: ended without an answer. */
export async function ask(
  question: string,
  { hidden = false }: AskOptions,
  signal: AbortSignal,
): Promise<string | null> {
  // Readline echoes what is typed into its output: an output that swallows everything after the question hides it.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  if (hidden) process.stderr.write(question);
  const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  try {
    return await Promise.race([terminal.question(hidden ? '' : question, { signal }), closed]);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    terminal.close();
    if (hidden) process.stderr.write('\n');
  }
}
