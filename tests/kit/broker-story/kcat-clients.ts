import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tracked } from '../run-command.ts';

const TICK_MS = 20;
const LINES_A_TICK = 5;

export interface KcatProducer {
  /** Ends when everything was acknowledged; resolves to how many lines were sent. */
  stop(): Promise<number>;
  kill(): void;
}

/** librdkafka with idempotence: it sends what was not answered again, for minutes, whatever becomes of the broker. */
export function kcatProducer(port: number, topic: string): KcatProducer {
  const settings = ['enable.idempotence=true', 'linger.ms=1', 'reconnect.backoff.max.ms=200'];
  const kcat = start(port, ['-P', '-E', '-t', topic, '-p', '0'], settings);
  const exited = once(kcat, 'exit');
  let said = '';
  kcat.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-10_000);
  });
  let sent = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < LINES_A_TICK; i++) kcat.stdin?.write(`kcat:${sent++}\n`);
  }, TICK_MS);
  // It was killed with the test, which has failed then.
  kcat.stdin?.on('error', () => clearInterval(timer));
  return {
    async stop() {
      clearInterval(timer);
      kcat.stdin?.end();
      const [code] = (await exited) as [number];
      if (code !== 0) throw new Error(`kcat ended with ${code}: ${said}`);
      return sent;
    },
    kill() {
      clearInterval(timer);
      kcat.kill('SIGKILL');
    },
  };
}

export interface KcatConsumer {
  /** The line that comes next, when none is left out; lines may come again. */
  readonly next: number;
  /** Lines that came again: after a crash, what was not committed yet. */
  readonly repeated: number;
  /** Throws when lines were left out. Resolves when so many have come and the group has committed them. */
  stopAfter(count: number): Promise<void>;
  kill(): void;
}

/** A member of a group of the classic protocol that reads what `kcatProducer` writes, and commits as it goes. */
export function kcatConsumer(port: number, group: string, topic: string): KcatConsumer {
  const settings = ['auto.commit.interval.ms=100', 'auto.offset.reset=earliest', 'reconnect.backoff.max.ms=200'];
  const kcat = start(port, ['-G', group, '-u', '-q', '-E', topic], settings);
  const exited = once(kcat, 'exit');
  let [next, repeated, rest] = [0, 0, ''];
  const gaps: string[] = [];
  let onProgress = () => {};
  kcat.stderr?.resume();
  kcat.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      const number = Number(line.slice('kcat:'.length));
      if (number > next || Number.isNaN(number)) gaps.push(`${line} came where ${next} was due`);
      if (number < next) repeated++;
      next = Math.max(next, number + 1);
    }
    onProgress();
  });
  return {
    get next() {
      return next;
    },
    get repeated() {
      return repeated;
    },
    async stopAfter(count) {
      await new Promise<void>((resolve, reject) => {
        onProgress = () => {
          if (gaps.length > 0) reject(new Error(`kcat was left without records: ${gaps.slice(0, 5).join('; ')}`));
          if (next >= count) resolve();
        };
        kcat.once('exit', (code) => reject(new Error(`kcat ended with ${code} at ${next} of ${count}`)));
        onProgress();
      });
      kcat.kill('SIGTERM');
      await exited;
    },
    kill: () => kcat.kill('SIGKILL'),
  };
}

function start(port: number, args: readonly string[], settings: readonly string[]): ChildProcess {
  const options = settings.flatMap((setting) => ['-X', setting]);
  return tracked(spawn('kcat', ['-b', `127.0.0.1:${port}`, ...options, ...args], { stdio: ['pipe', 'pipe', 'pipe'] }));
}
