import { Readable } from 'node:stream';
import { runProgram, type Surroundings } from '../../main/cli/program.ts';
import { createLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';

export interface ProgramRun {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ProgramInput {
  env?: Readonly<Record<string, string>>;
  stdin?: string;
  /** Answers of the person at the terminal, in turn; absent: there is no terminal. The questions go to stderr. */
  answers?: (string | null)[];
  /** Standard output is a terminal. */
  interactive?: boolean;
  surroundings?: Partial<Surroundings>;
}

/** Runs `runnel` in this process, with its surroundings in the test's hands. */
export async function runInProcess(args: readonly string[], input: ProgramInput = {}): Promise<ProgramRun> {
  let stdout = '';
  let stderr = '';
  const answers = input.answers === undefined ? null : [...input.answers];
  const code = await withHelpIn(
    (text) => {
      stderr += text;
    },
    (text) => {
      stdout += text;
    },
    () =>
      runProgram(args, {
        time: systemTime,
        logger: createLogger({ time: systemTime, write: () => {}, level: 'ERROR' }),
        random: () => 0,
        taskThread: new URL('file:///none'),
        pluginProcess: new URL('file:///none'),
        loadClients: () => Promise.reject(new Error('no Kafka in this test')),
        env: { RUNNEL_HOME: '/nonexistent', ...input.env },
        stdin: Readable.from(input.stdin === undefined ? [] : [input.stdin]),
        write: async (chunk) => {
          stdout += chunk;
          return true;
        },
        tell: (line) => {
          stderr += `${line}\n`;
        },
        ask:
          answers === null
            ? null
            : async (question) => {
                stderr += `${question}\n`;
                return answers.shift() ?? null;
              },
        signal: new AbortController().signal,
        interactive: input.interactive ?? false,
        ...input.surroundings,
      }),
  );
  return { code, stdout, stderr };
}

/** What the option parser writes by itself goes to the process's own streams. */
async function withHelpIn<T>(
  errors: (text: string) => void,
  out: (text: string) => void,
  run: () => Promise<T>,
): Promise<T> {
  const [writeOut, writeErr] = [process.stdout.write, process.stderr.write];
  process.stdout.write = ((text: string) => {
    out(text);
    return true;
  }) as typeof writeOut;
  process.stderr.write = ((text: string) => {
    errors(text);
    return true;
  }) as typeof writeErr;
  try {
    return await run();
  } finally {
    process.stdout.write = writeOut;
    process.stderr.write = writeErr;
  }
}
