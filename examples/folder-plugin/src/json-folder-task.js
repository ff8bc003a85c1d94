// @ts-check
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataException, RetriableException, sleep } from '@runnel-app/runnel/connect';
import { parseJson } from './exact-json.js';

/**
 * @typedef {import('@runnel-app/runnel/connect').SourceTaskContext} SourceTaskContext
 * @typedef {import('@runnel-app/runnel/connect').SourceRecord} SourceRecord
 */

/** How long an empty folder is left alone. */
const PAUSE_MS = 500;

/** Reads one file after the other. Offsets are the file's name and how many of its lines are done. */
export class JsonFolderTask {
  #folder = '';
  #topic = '';
  #batchSize = 0;
  #skipBadLines = false;
  /** The file that is being read, or was read last. */
  #file = '';
  #linesDone = 0;
  /** @type {AsyncIterator<string> | null} */
  #lines = null;
  /** @type {SourceTaskContext | null} */
  #context = null;

  /**
   * @param {{ folder: string, topic: string, 'batch.size': number, 'skip.bad.lines': boolean }} config
   * @param {SourceTaskContext} context
   */
  async start(config, context) {
    this.#folder = config.folder;
    this.#topic = config.topic;
    this.#batchSize = config['batch.size'];
    this.#skipBadLines = config['skip.bad.lines'];
    this.#context = context;
    const [stored] = await context.offsets([this.#partition]);
    if (!stored) return;
    this.#file = String(stored.file);
    this.#linesDone = Number(stored.line);
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<SourceRecord[] | null>}
   */
  async poll(signal) {
    const context = /** @type {SourceTaskContext} */ (this.#context);
    if (this.#lines === null && !(await this.#openNext())) {
      await sleep(context.time, PAUSE_MS, signal);
      return null;
    }
    /** @type {SourceRecord[]} */
    const records = [];
    while (records.length < this.#batchSize && !signal.aborted) {
      const line = await this.#nextLine();
      if (line === null) break;
      const record = this.#recordOf(line, context);
      if (record !== null) records.push(record);
    }
    return records;
  }

  async stop() {
    await this.#lines?.return?.();
    this.#lines = null;
  }

  get #partition() {
    return { folder: this.#folder };
  }

  /** The file that was not finished, or the one after it. */
  async #openNext() {
    const files = await filesOf(this.#folder).catch((error) => {
      throw new RetriableException(`The folder ${this.#folder} can't be read`, { cause: error });
    });
    const unfinished = this.#linesDone >= 0 ? files.find((file) => basename(file) === this.#file) : undefined;
    const next = unfinished ?? files.find((file) => basename(file) > this.#file);
    if (next === undefined) return false;
    if (next !== unfinished) this.#linesDone = 0;
    this.#file = basename(next);
    const file = await open(next);
    this.#lines = file.readLines()[Symbol.asyncIterator]();
    for (let done = 0; done < this.#linesDone; done++) await this.#lines.next();
    return true;
  }

  /** null at the end of the file. */
  async #nextLine() {
    const next = await this.#lines?.next();
    if (next !== undefined && !next.done) return next.value;
    this.#lines = null;
    this.#linesDone = -1;
    return null;
  }

  /**
   * @param {string} line
   * @param {SourceTaskContext} context
   * @returns {SourceRecord | null}
   */
  #recordOf(line, context) {
    this.#linesDone++;
    if (line.trim() === '') return null;
    const place = `line ${this.#linesDone} of ${this.#file}`;
    let value;
    try {
      value = parseJson(line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (!this.#skipBadLines)
        throw new DataException(`There is no JSON in ${place}: ${error.message}`, {
          hint: 'Mend the file, or set skip.bad.lines=true.',
          cause: error,
        });
      context.logger.warn(`There is no JSON in ${place}, which is left out`);
      return null;
    }
    return {
      topic: this.#topic,
      kafkaPartition: null,
      keySchema: null,
      key: this.#file,
      valueSchema: null,
      value,
      timestamp: BigInt(context.time.milliseconds()),
      headers: [],
      sourcePartition: this.#partition,
      sourceOffset: { file: this.#file, line: BigInt(this.#linesDone) },
    };
  }
}

/**
 * The files that are read, in the order in which they are.
 *
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function filesOf(folder) {
  const names = await readdir(folder);
  return names
    .filter((name) => /\.jsonl?$/.test(name) && !name.startsWith('.'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => join(folder, name));
}
