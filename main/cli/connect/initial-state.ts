import { type Command, InvalidArgumentError, Option } from 'commander';
import type { InitialState, TargetState } from '../../../common/connect/connector-state-info.ts';

const STATES: Readonly<Record<TargetState, InitialState>> = {
  STARTED: 'RUNNING',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
};

/** `--initial-state` of commands that create connectors (KIP-980); small letters will do, as in Connect. */
export function addInitialStateOption(command: Command): Command {
  const known: readonly string[] = Object.values(STATES);
  return command.addOption(
    new Option('--initial-state <state>', 'state of a connector that is new; goes before initial_state of its file')
      .choices(known)
      .argParser((value: string) => {
        if (known.includes(value.toUpperCase())) return value.toUpperCase();
        throw new InvalidArgumentError(`There are ${known.join(', ')}.`);
      }),
  );
}

/** What the request says; undefined: nothing, which is RUNNING. */
export function initialState(
  option: InitialState | undefined,
  inFile: TargetState | undefined,
): InitialState | undefined {
  return option ?? (inFile === undefined ? undefined : STATES[inFile]);
}
