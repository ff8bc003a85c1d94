import { type Command, Option } from 'commander';
import type { InitialState, TargetState } from '../../../common/connect/connector-state-info.ts';

/** `--initial-state` of commands that create connectors (KIP-980). */
export function addInitialStateOption(command: Command): Command {
  return command.addOption(
    new Option('--initial-state <state>', 'state of a connector that is new; goes before initial_state of its file')
      .choices(['RUNNING', 'PAUSED', 'STOPPED'])
      .argParser((value: string) => value.toUpperCase()),
  );
}

const INITIAL: Readonly<Record<TargetState, InitialState>> = {
  STARTED: 'RUNNING',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
};

/** What the request says; undefined: nothing, which is RUNNING. */
export function initialState(
  option: InitialState | undefined,
  inFile: TargetState | undefined,
): InitialState | undefined {
  return option ?? (inFile === undefined ? undefined : INITIAL[inFile]);
}
