import type { BrowserWindow } from 'electron';
import { type MainWindowOptions, openMainWindow } from './main-window.ts';
import type { Quit } from './quit.ts';

export interface WindowsOptions extends MainWindowOptions {
  quit: Quit;
  platform: string;
}

/** The program's window: opened when it is missing, shown when it is there. */
export class Windows {
  readonly #options: WindowsOptions;
  #window: BrowserWindow | undefined;

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  show(): void {
    this.#window ??= this.#open();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.focus();
  }

  #open(): BrowserWindow {
    const { quit, platform } = this.#options;
    const window = openMainWindow(this.#options);
    window.on('close', (event) => {
      // On macOS a program stays open without a window; elsewhere closing it is the wish to quit.
      if (quit.stopped || platform === 'darwin') return;
      event.preventDefault();
      quit.request();
    });
    window.on('closed', () => {
      this.#window = undefined;
    });
    return window;
  }
}
