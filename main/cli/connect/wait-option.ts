import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { positive } from '../kafka-options.ts';
import type { Waiting } from './await-state.ts';

export interface WaitOptions {
  wait?: true;
  waitTimeout: number;
}

const WAIT_S = 60;

/** `--wait` and its limit. */
export function addWaitOption(command: Command, until: string): Command {
  return command
    .option('--wait', `wait until ${until}`)
    .option('--wait-timeout <seconds>', 'how long --wait waits', positive('wait-timeout'), WAIT_S);
}

export function waitingOf({ waitTimeout }: WaitOptions, { time, signal }: CommandContext): Waiting {
  return { time, signal, timeoutMs: waitTimeout * 1_000 };
}
