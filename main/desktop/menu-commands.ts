import type { MenuCommand } from '../../common/desktop/app-info.ts';

/** More than a person presses while a page is busy; beyond it the newest are dropped. */
const MAX_WAITING = 50;

/** Brings what is chosen in the menu to the pages that listen. */
export class MenuCommands {
  readonly #listeners = new Set<(command: MenuCommand) => void>();

  send(command: MenuCommand): void {
    for (const listener of this.#listeners) listener(command);
  }

  async *commands(signal: AbortSignal): AsyncGenerator<MenuCommand> {
    const waiting: MenuCommand[] = [];
    let wake = () => {};
    const listener = (command: MenuCommand) => {
      if (waiting.length < MAX_WAITING) waiting.push(command);
      wake();
    };
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => wake());
    try {
      while (!signal.aborted) {
        const command = waiting.shift();
        if (command) yield command;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
