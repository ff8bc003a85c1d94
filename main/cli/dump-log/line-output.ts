import { type CommandContext, Interrupted } from '../command-context.ts';

const CHUNK = 64 * 1024;

/** Lines to standard output in pieces that are worth a write; a dump may have millions. */
export class LineOutput {
  readonly #context: CommandContext;
  #pending = '';

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** Resolves when there is room for more. Throws `Interrupted` when nobody reads any more. */
  async line(text: string): Promise<void> {
    this.#pending += `${text}\n`;
    if (this.#pending.length >= CHUNK) await this.flush();
  }

  /** The beginning of a line whose rest can't be had. */
  begun(text: string): void {
    this.#pending += text;
  }

  /** What stands there before something is said on standard error. */
  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (this.#context.signal.aborted || (text !== '' && !(await this.#context.write(text)))) throw new Interrupted();
  }
}
