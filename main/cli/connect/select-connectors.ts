import { editDistance } from '../../../common/closest-name.ts';
import { NotFoundException } from '../../../common/errors.ts';
import { type CommandContext, CommandFailure, UsageError } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ConnectClient } from './connect-client.ts';

/**
 * The connectors that are meant: exact names, or patterns with `*` and `?`, in the order of the worker's list. A name
 * that is none, and a pattern that fits none, is an error before anything is done.
 */
export async function selectConnectors(client: ConnectClient, patterns: readonly string[]): Promise<string[]> {
  const names = await client.get<string[]>('/connectors');
  return select(names, patterns);
}

/** Whether what is asked for needs a person's word: a pattern may fit more than was thought of. */
export function byPattern(patterns: readonly string[], selected: readonly string[]): boolean {
  return patterns.some((pattern) => !selected.includes(pattern));
}

/** Of these names those that are meant. */
export function select(names: readonly string[], patterns: readonly string[]): string[] {
  const selected = new Set<string>();
  for (const pattern of patterns) {
    // A name may hold a star itself.
    const fitting = names.includes(pattern) ? [pattern] : /[*?]/.test(pattern) ? names.filter(globOf(pattern)) : [];
    if (fitting.length === 0) throw notThere(names, pattern);
    for (const name of fitting.sort()) selected.add(name);
  }
  return [...selected];
}

/** Asks, unless `yes`; without anybody to ask, wants `--yes`. A no is a failure that says nothing was done. */
export async function confirm(question: string, yes: boolean | undefined, context: CommandContext): Promise<void> {
  if (yes) return;
  if (context.ask === null) throw new UsageError(`${question} Say so with --yes (there is no terminal to ask at)`);
  const answer = await context.ask(`${question} [y/N] `, {});
  if (!/^\s*y(?:es)?\s*$/i.test(answer ?? '')) throw new CommandFailure(EXIT.failed, 'Nothing was done.');
}

function notThere(names: readonly string[], pattern: string): NotFoundException {
  const what = /[*?]/.test(pattern) ? `No connector fits ${pattern}` : `Connector ${pattern} not found`;
  const mistakes = Math.min(3, Math.max(1, Math.floor(pattern.length / 3)));
  const close = names.filter((name) => editDistance(name.toLowerCase(), pattern.toLowerCase()) <= mistakes);
  const hint =
    names.length === 0
      ? 'This worker has none.'
      : close.length > 0
        ? `Is ${close.slice(0, 3).join(' or ')} meant?`
        : 'runnel connect list shows those that are there.';
  return new NotFoundException(what, { key: pattern, hint });
}

function globOf(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const regex = new RegExp(`^${source}$`, 's');
  return (name) => regex.test(name);
}
