import type { ConsumerRecord } from '../../common/kafka/records.ts';
import type { Time } from '../../common/time.ts';
import { Rate } from '../topics/rate.ts';
import { cut, tweetLine } from './tweet-lines.ts';

export interface DemoScreenOptions {
  time: Time;
  write(text: string): Promise<boolean>;
  /** A terminal: the rate line stays at the bottom and lines are cut to its width. */
  interactive: boolean;
  columns(): number;
  /** Stands behind the rate: `topic tweets on localhost:9092 …` */
  where: string;
}

/** More lines than these nobody can read: above it some of the records are left out, and the rate line says so. */
const LINES_PER_SECOND = 40;
const RATE_WINDOW_MS = 3_000;

/** Shows records as lines and how many come a second. Without a terminal it writes the lines alone. */
export class DemoScreen {
  readonly #options: DemoScreenOptions;
  readonly #rate: Rate;
  readonly #started: number;
  #records = 0;
  #allowance = LINES_PER_SECOND;
  #lastShownAt: number;
  #skipping = false;

  constructor(options: DemoScreenOptions) {
    this.#options = options;
    this.#rate = new Rate(options.time, RATE_WINDOW_MS);
    this.#started = options.time.hiResMilliseconds();
    this.#lastShownAt = this.#started;
  }

  get records(): number {
    return this.#records;
  }

  /** False when nobody reads any more. */
  async show(records: readonly ConsumerRecord[]): Promise<boolean> {
    const { interactive, columns, write } = this.#options;
    this.#records += records.length;
    this.#rate.add(records.length);
    const width = interactive ? columns() : Number.POSITIVE_INFINITY;
    // A poll brings partition after partition; people read by time.
    const byTime = records.toSorted((a, b) => Number(a.timestamp - b.timestamp));
    const lines = this.#choose(byTime).map((record) => `${tweetLine(record, width)}\n`);
    return write(
      `${interactive ? CLEAR_LINE : ''}${lines.join('')}${interactive ? cut(this.#status(), width - 1) : ''}`,
    );
  }

  /** The rate line goes; what remains on the screen are the records and the summary. */
  async finish(): Promise<void> {
    const seconds = (this.#options.time.hiResMilliseconds() - this.#started) / 1_000;
    const perSecond = this.#records / Math.max(seconds, 0.001);
    await this.#options.write(
      `${this.#options.interactive ? CLEAR_LINE : ''}${number(this.#records)} records in ${seconds.toFixed(1)} s (${perSecond.toFixed(1)} records/s), ${this.#options.where}\n`,
    );
  }

  /** The newest ones, no more than can be read. */
  #choose(records: readonly ConsumerRecord[]): readonly ConsumerRecord[] {
    const now = this.#options.time.hiResMilliseconds();
    this.#allowance = Math.min(
      LINES_PER_SECOND,
      this.#allowance + ((now - this.#lastShownAt) * LINES_PER_SECOND) / 1_000,
    );
    this.#lastShownAt = now;
    const count = Math.min(records.length, Math.floor(this.#allowance));
    this.#allowance -= count;
    if (records.length > 0) this.#skipping = count < records.length;
    return count === 0 ? [] : records.slice(-count);
  }

  #status(): string {
    const sample = this.#skipping ? ' (some are shown)' : '';
    return `${this.#rate.perSecond().toFixed(1)} records/s${sample} · ${number(this.#records)} records · ${this.#options.where} · Ctrl-C ends`;
  }
}

const CLEAR_LINE = '\r\x1b[2K';

function number(value: number): string {
  return value.toLocaleString('en-US');
}
