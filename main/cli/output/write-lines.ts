import type { CommandContext } from '../command-context.ts';

/** Lines to standard output, in one piece. */
export async function writeLines({ write }: CommandContext, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(lines.map((line) => `${line}\n`).join(''));
}
