/**
 * A key as it is written in the keymap: `Mod+Shift+C`, `F6`, `?`, `Shift+R`. `Mod` is Ctrl, on macOS Cmd. A printable
 * character stands for itself whatever Shift it takes (`?`), a letter is written as a capital.
 */
export interface KeyPress {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export function pressed(event: KeyPress, chord: string, mac: boolean): boolean {
  const parts = chord === '+' ? ['+'] : chord.split('+');
  const key = parts.pop() ?? '';
  const wants = (modifier: string) => parts.includes(modifier);
  const ctrl = wants('Ctrl') || (wants('Mod') && !mac);
  const meta = wants('Mod') && mac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== wants('Alt')) return false;
  const same = key === 'Space' ? event.key === ' ' : event.key.toLowerCase() === key.toLowerCase();
  // With a modifier the layout may turn a digit or letter into something else: then its place on the board counts.
  const placed =
    (ctrl || meta) && /^[A-Z0-9]$/.test(key) && event.code === (/\d/.test(key) ? `Digit${key}` : `Key${key}`);
  if (!same && !placed) return false;
  const letterOrNamed = /^[A-Z]$/.test(key) || key.length > 1;
  return !letterOrNamed || event.shiftKey === wants('Shift');
}

/** How a chord is drawn: one cap for each part, in the words of the platform. */
export function keyCaps(chord: string, mac: boolean): string[] {
  const parts = chord === '+' ? ['+'] : chord.split('+');
  const words: Record<string, string> = mac
    ? { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Delete: '⌫' }
    : { Mod: 'Ctrl', Delete: 'Del', ArrowUp: 'Up', ArrowDown: 'Down', Escape: 'Esc' };
  const shared: Record<string, string> = { ArrowUp: 'Up', ArrowDown: 'Down', Escape: 'Esc' };
  return parts.map((part) => words[part] ?? shared[part] ?? part);
}

/** A key without Ctrl, Cmd or Alt: in a text field it is text and never a command. Function keys and Esc are no text. */
export function isTyping(chord: string): boolean {
  const parts = chord === '+' ? ['+'] : chord.split('+');
  const key = parts.at(-1) ?? '';
  return !parts.some((part) => ['Mod', 'Ctrl', 'Alt'].includes(part)) && !/^(F\d+|Escape)$/.test(key);
}
