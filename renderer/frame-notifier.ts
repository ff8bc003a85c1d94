/** What a browser's window offers for drawing; a test brings its own. */
export interface Frames {
  requestAnimationFrame(callback: (now: number) => void): number;
  cancelAnimationFrame(handle: number): void;
}

/** A frame longer than this (at 60 Hz one takes 16.7) says that the machine can't draw every one. */
const LONG_FRAME_MS = 24;

/** Numbers that people read change no faster than this. */
const CALM_MS = 500;

/**
 * However often something changes, its listeners hear of it once in an animation frame; and in every second one while
 * frames take too long, so that drawing leaves time for taking in.
 */
export class FrameNotifier {
  readonly #frames: Frames;
  readonly #listeners = new Set<() => void>();
  readonly #calmListeners = new Set<() => void>();
  #calmVersion = 0;
  #lastCalm = Number.NEGATIVE_INFINITY;
  #handle: number | undefined;
  #last = 0;
  #skip = false;
  #version = 0;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Rises with every notice: what useSyncExternalStore compares. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** As `version`, for those who hear of it twice a second, and at once of what a person did. */
  readonly calmVersion = (): number => this.#calmVersion;

  readonly subscribeCalm = (listener: () => void): (() => void) => {
    this.#calmListeners.add(listener);
    return () => this.#calmListeners.delete(listener);
  };

  /** Something changed; draw with the next frame. */
  changed(): void {
    this.#handle ??= this.#frames.requestAnimationFrame(this.#frame);
  }

  /** A person did something: draw now. */
  now(): void {
    if (this.#handle !== undefined) this.#frames.cancelAnimationFrame(this.#handle);
    this.#handle = undefined;
    this.#lastCalm = this.#last;
    this.#notify();
    this.#notifyCalm();
  }

  readonly #frame = (now: number): void => {
    this.#handle = undefined;
    const length = now - this.#last;
    this.#last = now;
    if (length > LONG_FRAME_MS && length < 10 * LONG_FRAME_MS && !this.#skip) {
      this.#skip = true;
      this.changed();
      return;
    }
    this.#skip = false;
    this.#notify();
    if (now - this.#lastCalm < CALM_MS) return;
    this.#lastCalm = now;
    this.#notifyCalm();
  };

  #notify(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  #notifyCalm(): void {
    this.#calmVersion++;
    for (const listener of this.#calmListeners) listener();
  }
}
