/** Puts colour around text, or nothing. */
export interface Style {
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  dim(text: string): string;
  plain(text: string): string;
}

const PLAIN: Style = { red: same, green: same, yellow: same, dim: same, plain: same };
const COLOURED: Style = { red: sgr(31), green: sgr(32), yellow: sgr(33), dim: sgr(2), plain: same };

/** Colours only for a terminal, and never where NO_COLOR (no-color.org) or a dumb terminal says no. */
export function styleFor(terminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  return terminal && !env.NO_COLOR && env.TERM !== 'dumb' ? COLOURED : PLAIN;
}

/** The colour of a state of a connector or task. */
export function stateStyle(state: string): keyof Style {
  if (state === 'RUNNING') return 'green';
  if (state === 'FAILED') return 'red';
  return state === 'PAUSED' || state === 'STOPPED' ? 'dim' : 'yellow';
}

function same(text: string): string {
  return text;
}

function sgr(code: number): (text: string) => string {
  return (text) => `\x1b[${code}m${text}\x1b[0m`;
}
