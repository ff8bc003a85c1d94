import { createLogger, writeToStderr } from '../logging.ts';
import { systemTime } from '../time.ts';
import { ask } from './ask.ts';
import { runProgram } from './program.ts';

/** Runs `runnel` in this process; resolves to its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  const logger = createLogger({ time: systemTime, write: writeToStderr, level: 'WARN' });
  try {
    return await runProgram(args, {
      time: systemTime,
      logger,
      random: Math.random,
      taskThread: entry('task-thread'),
      pluginProcess: entry('plugin-process'),
      async loadClients(logger) {
        const { kafkaClients } = await import('../kafka/index.ts');
        return kafkaClients({ time: systemTime, logger, random: Math.random });
      },
      env: process.env,
      stdin: process.stdin,
      write: writeToStdout,
      tell: (line) => void process.stderr.write(`${line}\n`),
      ask: process.stdin.isTTY && process.stderr.isTTY ? (question, how) => ask(question, how, stop.signal) : null,
      signal: stop.signal,
      interactive: process.stdout.isTTY === true,
    });
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** An entry of the worker's: a source file here, beside this one in the built product. */
function entry(name: string): URL {
  const source = import.meta.url.endsWith('.ts');
  return new URL(source ? `../connect/${name}.ts` : `./${name}.js`, import.meta.url);
}

function writeToStdout(chunk: Buffer | string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => {
      if (!error) resolve(true);
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
      else reject(error);
    });
  });
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A closed pipe is told to the writer by its callback, and a log that nobody reads ends nothing; anything else is a
    // real failure.
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await main(process.argv.slice(2));
