import { createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import { useCommand } from '../keyboard/commands.tsx';
import { Button, IconButton } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import './toast.css';

export interface Toast {
  icon: IconName;
  text: ReactNode;
  /** Takes back what was done. */
  undo?: () => void;
}

interface Shown extends Toast {
  id: number;
}

const SHOWN_MS = 8_000;
const MOST = 3;

/** Notes at the lower right about what was just done. Never errors: those stand beside their cause. */
export class Toasts {
  #shown: readonly Shown[] = [];
  #nextId = 0;
  readonly #listeners = new Set<() => void>();

  readonly get = (): readonly Shown[] => this.#shown;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  show(toast: Toast): void {
    const id = this.#nextId++;
    this.#set([...this.#shown, { ...toast, id }].slice(-MOST));
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    if (this.#shown.some((toast) => toast.id === id)) this.#set(this.#shown.filter((toast) => toast.id !== id));
  }

  /** Undoes the newest that can be. */
  undo(): void {
    const newest = this.#shown.findLast((toast) => toast.undo);
    if (!newest) return;
    this.dismiss(newest.id);
    newest.undo?.();
  }

  #set(shown: readonly Shown[]): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

const ToastContext = createContext(new Toasts());
export const ToastProvider = ToastContext.Provider;

export function useToasts(): Toasts {
  return use(ToastContext);
}

export function ToastList() {
  const toasts = useToasts();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  const newest = shown.findLast((toast) => toast.undo)?.id;
  useCommand({ id: 'undo', run: () => toasts.undo() }, newest !== undefined);
  return (
    <section className="toasts" aria-label="Notes" aria-live="polite">
      {shown.map(({ id, icon, text, undo }) => (
        <div key={id} className="toast">
          <Icon name={icon} size={14} />
          <span>{text}</span>
          {undo && (
            <Button
              size="small"
              chord={id === newest ? 'Mod+Z' : undefined}
              onClick={() => {
                toasts.dismiss(id);
                undo();
              }}
            >
              Undo
            </Button>
          )}
          <IconButton icon="close" size="small" label="Dismiss" onClick={() => toasts.dismiss(id)} />
        </div>
      ))}
    </section>
  );
}
