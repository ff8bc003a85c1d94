import { createContext, type ReactNode, use, useEffect, useRef } from 'react';
import type { IconName } from '../components/icon.tsx';
import { mac } from '../platform.ts';
import { chordOf } from './keymap.ts';
import { isTyping, type KeyPress, pressed } from './keys.ts';

/** Something the window can do now. Its key comes from the keymap by its id. */
export interface Command {
  id: string;
  /** For the palette; without one the command has its key only. */
  title?: string;
  detail?: string;
  icon?: IconName;
  run(): void;
}

interface Registered extends Command {
  layer: number;
}

/**
 * What can be done at the moment: every mounted part of the window adds its commands and takes them away again. The
 * newest of the same id wins, and a dialog hides what lies under it.
 */
class CommandRegistry {
  readonly #commands = new Set<{ current: Registered }>();
  #layers = 0;

  add(command: { current: Registered }): () => void {
    this.#commands.add(command);
    return () => this.#commands.delete(command);
  }

  openLayer(): () => void {
    this.#layers++;
    return () => this.#layers--;
  }

  /** The commands of the top layer, newest first. */
  active(): Command[] {
    return [...this.#commands]
      .map(({ current }) => current)
      .filter(({ layer }) => layer === this.#layers)
      .reverse();
  }

  /** Runs what the key stands for; true when there was something. */
  press(event: KeyPress, target: Element | null): boolean {
    const found = this.active().find(({ id }) => {
      const chord = chordOf(id);
      return chord !== undefined && pressed(event, chord, mac) && !takesKey(target, chord);
    });
    found?.run();
    return found !== undefined;
  }
}

export const commands = new CommandRegistry();

const TEXT_FIELD = 'textarea, input:not([type=checkbox], [type=radio]), [contenteditable=true]';
/** What Space or Enter press. A radio that is chosen already has no use for them. */
const PRESSABLE =
  'button:not([role=radio][aria-checked=true]), a[href], summary, [role=option], [role=menuitem], [role=tab], [role=checkbox]';

/** A text field wants letters for itself, an open list its search by letters, and a button Space and Enter. */
function takesKey(target: Element | null, chord: string): boolean {
  if (!target || !isTyping(chord)) return false;
  if (target.closest(`${TEXT_FIELD}, [role=menu], [role=listbox]`)) return true;
  return (chord === 'Space' || chord === 'Enter') && target.closest(PRESSABLE) !== null;
}

const Layer = createContext(0);

/** Around what lies over everything else: only its own commands work while it is mounted. */
export function ModalLayer({ children }: { children: ReactNode }) {
  const below = use(Layer);
  useEffect(() => commands.openLayer(), []);
  return <Layer value={below + 1}>{children}</Layer>;
}

/** Makes a command available while the component is mounted and `available` is true. */
export function useCommand(command: Command, available = true): void {
  const layer = use(Layer);
  const latest = useRef<Registered>({ ...command, layer });
  useEffect(() => {
    latest.current = { ...command, layer };
  });
  useEffect(() => (available ? commands.add(latest) : undefined), [available]);
}

/** `useCommand` as an element: what stands inside a dialog belongs to the dialog's layer. */
export function CommandHere({ available, ...command }: Command & { available: boolean }) {
  useCommand(command, available);
  return null;
}

/** Listens for keys on the whole page; once, in the shell. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : null;
      if (commands.press(event, target)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
