import type { Readable } from 'node:stream';
import { ConnectException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { SourceTask, SourceTaskContext } from '../../connect/api/connector.ts';
import type { SourceMap, SourceRecord } from '../../connect/api/records.ts';
import { Schema } from '../../connect/api/schema.ts';
import { FileFollower, type Step } from './file-follower.ts';
import type { FileStreamSourceConfig } from './file-stream-source.ts';
import { type Fingerprint, parseFingerprint } from './fingerprint.ts';
import { type Line, LineSplitter, LineTooLong } from './line-splitter.ts';
import { StdinReader } from './stdin-reader.ts';

/** Where the bytes come from. */
interface Input {
  /** Identity of what was read, stored beside the position; empty for none. */
  readonly fingerprint: string;
  next(lineStart: number): Promise<Step>;
  close(): Promise<void>;
}

/** How long a poll waits for a line, and how often it looks meanwhile. */
const POLL_MS = 1_000;
const LOOK_MS = 200;

/**
 * Java: `org.apache.kafka.connect.file.FileStreamSourceTask`, with positions in bytes throughout. Partition
 * `{"filename": f}`, offset `{"position": n}` where n is the byte after the line's end; ours adds `fingerprint`.
 */
export class FileStreamSourceTask implements SourceTask {
  readonly #stdin: Readable | undefined;
  #config!: FileStreamSourceConfig;
  #time!: Time;
  #logger!: Logger;
  #input: Input | null = null;
  #splitter = new LineSplitter(0, 0);
  #partition: SourceMap = {};
  /** Of the bytes that the splitter has; the input may already be in the next file. */
  #fingerprint = '';
  #malformedTold = false;
  /** Met behind lines that are to be delivered first. */
  #failure: ConnectException | null = null;

  /** `stdin` stands in for the process's own in tests. */
  constructor(stdin?: Readable) {
    this.#stdin = stdin;
  }

  async start(config: FileStreamSourceConfig, context: SourceTaskContext): Promise<void> {
    this.#config = config;
    this.#time = context.time;
    this.#logger = context.logger;
    const file = config.file || null;
    this.#partition = { filename: file };
    if (file === null) {
      this.#input = new StdinReader(this.#stdin ?? process.stdin);
      this.#splitter = this.#newSplitter(0);
      return;
    }
    const [stored] = await context.offsets([this.#partition]);
    const resume = stored ? resumeAt(stored) : null;
    this.#input = new FileFollower(file, resume, context.time, context.logger);
    this.#splitter = this.#newSplitter(resume?.position ?? 0);
  }

  async poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    const deadline = this.#time.hiResMilliseconds() + POLL_MS;
    for (;;) {
      const records = this.#take();
      if (records.length > 0) return records;
      const input = this.#input;
      if (input === null || signal.aborted) return null;
      const step = await input.next(this.#splitter.position);
      if (step.kind === 'bytes') {
        this.#splitter.push(step.bytes);
        this.#fingerprint = input.fingerprint;
      } else if (step.kind === 'restart') {
        const unfinished = step.again ? null : this.#splitter.finish();
        const last = unfinished && this.#record(unfinished, this.#now());
        this.#splitter = this.#newSplitter(step.position);
        if (last) return [last];
      } else {
        const left = deadline - this.#time.hiResMilliseconds();
        if (left <= 0) return null;
        await sleep(this.#time, Math.min(LOOK_MS, left), signal);
      }
    }
  }

  async stop(): Promise<void> {
    const input = this.#input;
    this.#input = null;
    await input?.close();
  }

  /** What the splitter has complete, at most a batch. */
  #take(): SourceRecord[] {
    if (this.#failure !== null) throw this.#failure;
    const limit = this.#config['batch.size'];
    const now = this.#now();
    const records: SourceRecord[] = [];
    while (records.length < limit) {
      const line = this.#splitter.next();
      if (line === null) break;
      if (!(line instanceof LineTooLong)) {
        records.push(this.#record(line, now));
        continue;
      }
      this.#failure = this.#refuse(line);
      if (this.#failure === null) continue;
      if (records.length === 0) throw this.#failure;
      break;
    }
    return records;
  }

  #record(line: Line, now: bigint): SourceRecord {
    if (line.malformed && !this.#malformedTold) {
      this.#malformedTold = true;
      this.#logger.warn(
        `${this.#name} has bytes that are not UTF-8, first in the line that ends at byte ${line.end}: each is sent as U+FFFD, as Kafka Connect does (said once)`,
      );
    }
    return {
      sourcePartition: this.#partition,
      sourceOffset: this.#offset(line.end),
      topic: this.#config.topic,
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: Schema.STRING_SCHEMA,
      value: line.text,
      timestamp: now,
      headers: NO_HEADERS,
    };
  }

  #offset(position: number): SourceMap {
    if (!this.#config.file) return STDIN_OFFSET;
    return this.#fingerprint === ''
      ? { position: BigInt(position) }
      : { position: BigInt(position), fingerprint: this.#fingerprint };
  }

  #refuse(line: LineTooLong): ConnectException | null {
    const what = `The line at byte ${line.start} of ${this.#name} has more than ${line.limit} bytes (runnel.max.line.bytes)`;
    if (!this.#config['runnel.skip.long.lines'])
      return new ConnectException(`${what}: allow more, or set errors.tolerance=all to leave such lines out`, {
        code: 'LINE_TOO_LONG',
        key: 'runnel.max.line.bytes',
      });
    this.#logger.error(`${what}: it is left out, as errors.tolerance is all`);
    return null;
  }

  get #name(): string {
    return this.#config.file || 'the standard input';
  }

  #now(): bigint {
    return BigInt(this.#time.milliseconds());
  }

  #newSplitter(position: number): LineSplitter {
    return new LineSplitter(position, this.#config['runnel.max.line.bytes']);
  }
}

/** A stored offset, ours or Connect's. */
function resumeAt(offset: SourceMap): { position: number; fingerprint: Fingerprint | null } {
  const position = offset.position ?? 0n;
  if (typeof position !== 'bigint') throw new ConnectException('Offset position is the incorrect type');
  return { position: Number(position), fingerprint: parseFingerprint(offset.fingerprint) };
}

const STDIN_OFFSET: SourceMap = { position: null };
const NO_HEADERS: SourceRecord['headers'] = [];
