import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { kafkaLibs } from '../../../scripts/kafka-jars.mjs';
import { tracked } from '../run-command.ts';

const SOURCE = join(import.meta.dirname, '../../fixtures/java/KafkaTools.java');
const FLAGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx384m'];
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** One of Kafka's console tools while it runs. */
export interface RunningTool {
  readonly stdout: string;
  readonly stderr: string;
  /** Its exit code. */
  readonly ended: Promise<number>;
  write(text: string): void;
  /** The end of its input. */
  end(): void;
}

interface Tool extends RunningTool {
  stdout: string;
  stderr: string;
  exit(code: number): void;
}

/** Kafka's console tools, all in one JVM. */
export class KafkaTools {
  readonly #child = spawn('java', [...FLAGS, '-cp', join(kafkaLibs(), '*'), SOURCE], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  readonly #tools = new Map<string, Tool>();

  constructor() {
    tracked(this.#child);
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const [what, id, word] = line.split(' ') as [string, string, string];
      const tool = this.#tools.get(id);
      if (!tool) return;
      if (what === 'exit') tool.exit(Number(word));
      else if (what === 'out') tool.stdout += Buffer.from(word, 'base64').toString();
      else tool.stderr += Buffer.from(word, 'base64').toString();
    });
  }

  start(className: string, args: readonly string[]): RunningTool {
    const id = String(this.#tools.size);
    const { promise, resolve } = Promise.withResolvers<number>();
    const send = (...words: string[]) => this.#child.stdin.write(`${words.join(' ')}\n`);
    const tool: Tool = {
      stdout: '',
      stderr: '',
      ended: promise,
      exit: resolve,
      write: (text) => void send('in', id, base64(text)),
      end: () => void send('end', id),
    };
    this.#tools.set(id, tool);
    // A mark before each word, so that an empty one is one.
    send('run', id, ...[className, ...args].map((word) => `=${base64(word)}`));
    return tool;
  }
}
