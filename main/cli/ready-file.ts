import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { KafkaException } from '../../common/errors.ts';

/** A file that is there, with its text, as long as something is ready: for scripts that wait for it. */
export class ReadyFile {
  readonly #path: string;

  /** What an earlier process has left is removed. */
  constructor(path: string) {
    this.#path = path;
    this.#do(() => rmSync(path, { force: true }));
  }

  /** The file is there with all of the text, or not at all. */
  write(text: string): void {
    const unfinished = `${this.#path}.${process.pid}.tmp`;
    this.#do(() => {
      writeFileSync(unfinished, text);
      renameSync(unfinished, this.#path);
    });
  }

  remove(): void {
    this.#do(() => rmSync(this.#path, { force: true }));
  }

  #do(change: () => void): void {
    try {
      change();
    } catch (error) {
      throw new KafkaException(`The ready file ${this.#path} can't be written: ${(error as Error).message}`, {
        code: 'FILE_UNWRITABLE',
        key: this.#path,
        hint: 'Name a file in a folder that you may write to.',
        cause: error,
      });
    }
  }
}
