import type { Writable } from 'node:stream';
import { ConnectException } from '../../../common/errors.ts';
import type { SinkTask, SinkTaskContext } from '../../connect/api/connector.ts';
import { javaText } from '../../connect/api/java-text.ts';
import type { SinkRecord } from '../../connect/api/records.ts';
import type { FileStreamSinkConfig } from './file-stream-sink.ts';
import { LineAppender } from './line-appender.ts';

/** A batch of more bytes than this is no usual one: its memory is given back. */
const KEPT_BYTES = 1 << 20;

/** Java: `org.apache.kafka.connect.file.FileStreamSinkTask`; what it flushes is also synced. */
export class FileStreamSinkTask implements SinkTask {
  readonly #stdout: Writable | undefined;
  #appender: LineAppender | null = null;
  /** The bytes of a batch; the next one writes over them. */
  #bytes = Buffer.allocUnsafeSlow(0);

  /** `stdout` stands in for the process's own in tests. */
  constructor(stdout?: Writable) {
    this.#stdout = stdout;
  }

  async start({ file }: FileStreamSinkConfig, { time, logger }: SinkTaskContext): Promise<void> {
    if (!file) return;
    try {
      this.#appender = await LineAppender.open(file, time, logger);
    } catch (error) {
      if (!(error instanceof ConnectException)) throw error;
      throw new ConnectException(`Couldn't find or create file '${file}' for FileStreamSinkTask: ${error.message}`, {
        code: error.code,
        key: 'file',
        cause: error,
      });
    }
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    if (records.length === 0) return;
    let text = '';
    for (const { value, valueSchema } of records)
      text += `${typeof value === 'string' ? value : javaText(valueSchema, value)}\n`;
    if (this.#appender !== null) await this.#appender.append(this.#encode(text));
    else await writeTo(this.#stdout ?? process.stdout, text);
  }

  #encode(text: string): Buffer {
    const length = Buffer.byteLength(text);
    if (length > KEPT_BYTES) return Buffer.from(text);
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(Math.min(length * 2, KEPT_BYTES));
    return this.#bytes.subarray(0, this.#bytes.write(text));
  }

  async flush(): Promise<void> {
    await this.#appender?.flush();
  }

  async stop(): Promise<void> {
    const appender = this.#appender;
    this.#appender = null;
    await appender?.close();
  }
}

function writeTo(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) =>
      error
        ? reject(new ConnectException(`The standard output can't be written: ${error.message}`, { cause: error }))
        : resolve(),
    );
  });
}
