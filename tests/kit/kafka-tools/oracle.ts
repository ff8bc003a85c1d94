import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { spawnJava } from '../apache-kafka.ts';
import { keepLog } from '../java-server.ts';
import type { ProgramRun } from '../run-program.ts';

const ORACLE = fileURLToPath(new URL('../../fixtures/java/ToolsOracle.java', import.meta.url));

/** The Java class behind each of our commands. */
const TOOLS = {
  configs: 'kafka.admin.ConfigCommand',
  'consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'dump-log': 'org.apache.kafka.tools.DumpLogSegments',
  'get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  topics: 'org.apache.kafka.tools.TopicCommand',
} as const;

export type KafkaTool = keyof typeof TOOLS;

/** Apache Kafka's own tools, run one after the other in one JVM. */
export class ToolsOracle {
  readonly #child = spawnJava(ORACLE, [], ['-Duser.timezone=UTC', '-Duser.language=en']);
  readonly #log = keepLog(this.#child);
  readonly #waiting: { resolve: (run: ProgramRun) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    if (this.#child.stdout === null || this.#child.stdin === null) throw new Error('The oracle has no streams');
    onLines(this.#child.stdout, (line) => this.#waiting.shift()?.resolve(JSON.parse(line)));
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error(`The oracle ended with ${code}: ${this.#log()}`));
    });
  }

  /** `args` begin with the name of our command, as on the command line. */
  run([tool, ...args]: readonly string[], stdin = ''): Promise<ProgramRun> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ tool: TOOLS[tool as KafkaTool], args, stdin })}\n`);
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.on('exit', () => resolve()));
    this.#child.stdin?.end();
    await ended;
  }
}

/** Line feeds alone end a line: `node:readline` also takes U+2028 for an end, which payloads may hold. */
function onLines(stream: Readable, onLine: (line: string) => void): void {
  const begun: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      onLine(Buffer.concat([...begun.splice(0), rest.subarray(0, end)]).toString());
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) begun.push(rest);
  });
}
