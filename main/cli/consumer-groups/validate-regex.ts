import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { CommandContext } from '../command-context.ts';
import { writeLines } from '../output/write-lines.ts';

/** `--validate-regex`: brokers match the patterns of groups with RE2. */
export async function validateRegex(regex: string, context: CommandContext): Promise<void> {
  await writeLines(context, [`The regular expression \`${regex}\` is ${faultOf(regex) ?? 'valid'}.`]);
}

function faultOf(regex: string): string | null {
  try {
    RE2JS.compile(regex);
    return null;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return `invalid: ${error.getDescription()}`;
    throw error;
  }
}
