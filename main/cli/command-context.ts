import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { KafkaException } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { KafkaClients } from '../kafka/api.ts';
import type { AskOptions } from './ask.ts';

/** What a command gets of the world; tests hand in their own. */
export interface CommandContext {
  time: Time;
  logger: Logger;
  /** In [0, 1). */
  random: () => number;
  /** What a worker runs in its task threads: a source file here, a bundle in the built product. */
  taskThread: URL;
  /** What a worker runs in the processes of plugin packages. */
  pluginProcess: URL;
  clients: KafkaClients;
  /** Clients that log there. */
  loadClients(logger: Logger): Promise<KafkaClients>;
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readable;
  /** Resolves to false when nobody reads any more (closed pipe). Resolves after the chunk was taken: back-pressure. */
  write(chunk: Buffer | string): Promise<boolean>;
  /** A line for the person, not for the data. */
  tell(line: string): void;
  /** Asks the person at the terminal; resolves to null when there is no answer. Null: nobody is there to be asked. */
  ask: ((question: string, options: AskOptions) => Promise<string | null>) | null;
  /** Aborts at Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Standard output is a terminal with a person before it. */
  interactive: boolean;
  setExitCode(code: number): void;
}

/** A file of `commands/` exports one of these; `program.ts` lists them. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** An error with the exit code that this command has for it. */
export class CommandFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, cause: unknown) {
    super(sentenceOf(cause), { cause });
    this.exitCode = exitCode;
  }
}

/** Resolves at Ctrl-C or SIGTERM. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Wrong usage that the option parser can't see by itself. */
export class UsageError extends Error {}

/** Ctrl-C came before the command was done; nothing needs to be said about it. */
export class Interrupted extends Error {}

/** One sentence that names the thing, and one that names the cure. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = error instanceof KafkaException && error.hint ? ` ${error.hint}` : '';
  return `${error.message.trimEnd().replace(/(?<![.!?…:])$/, '.')}${hint}`;
}
