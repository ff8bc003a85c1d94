import type { Time, Timer } from '../../../common/time.ts';

/** How often it is asked whether it still turns. */
const ASK_MS = 2_000;

/**
 * Notices when a thread or process does not turn any more. Silence is counted in questions without an answer, not by
 * the clock: a machine that slept is no reason.
 */
export class SilenceWatch {
  readonly #time: Time;
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  readonly #patience: number;
  #unanswered = 0;
  #timer: Timer | undefined;

  constructor(options: { time: Time; silenceMs: number; ask: () => void; onSilence: () => void }) {
    this.#time = options.time;
    this.#ask = options.ask;
    this.#onSilence = options.onSilence;
    this.#patience = Math.max(1, Math.round(options.silenceMs / ASK_MS));
  }

  /** From its first answer on: while it is being loaded it has nothing to answer with. */
  answered(): void {
    this.#unanswered = 0;
    if (this.#timer === undefined) this.#next();
  }

  end(): void {
    this.#timer?.cancel();
    this.#unanswered = Number.NEGATIVE_INFINITY;
  }

  #next(): void {
    this.#timer = this.#time.timer(ASK_MS, () => {
      if (this.#unanswered >= this.#patience) return this.#onSilence();
      // One question at a time: a thread that is behind is not asked ever more.
      if (this.#unanswered <= 0) this.#ask();
      this.#unanswered++;
      this.#next();
    });
  }
}
