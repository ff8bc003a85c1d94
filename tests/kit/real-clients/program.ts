import { createInterface } from 'node:readline';
import type { Ability } from './abilities.ts';
import type { Outcome, ReadEvent } from './client-process.ts';

/** The arguments of a program that tries a client; `only` are the abilities to be tried, for one who looks into them. */
export const [servers, prefix, only] = process.argv.slice(2) as [string, string, string | undefined];

const LIMIT_MS = 120_000;
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Tries one after another, says how each went, and what came of the restarts at last. */
export async function tryAll(
  tries: Readonly<Partial<Record<Ability, () => Promise<void>>>>,
  restarts: () => Promise<Restarts>,
): Promise<void> {
  // What a client lets fall behind its own back is told, and does not end the program.
  process.on('unhandledRejection', (reason) => process.stderr.write(`unhandled: ${reason}\n`));
  for (const [ability, attempt] of Object.entries(tries)) {
    if (only !== undefined && !only.split(',').includes(ability)) continue;
    say({ ability, error: await outcome(attempt) });
  }
  if (only === undefined) await goThrough(await restarts());
  // A pipe may still hold the last line.
  process.stdout.write('', () => process.exit(0));
}

async function outcome(attempt: () => Promise<void>): Promise<Outcome> {
  const late = Promise.withResolvers<never>();
  const limit = setTimeout(() => late.reject(new Error('nothing came of it in two minutes')), LIMIT_MS);
  try {
    await Promise.race([attempt(), late.promise]);
    return null;
  } catch (error) {
    return told(error);
  } finally {
    clearTimeout(limit);
  }
}

/** With all that it holds: clients put what matters into causes and aggregates. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inside = [error.cause, ...(error instanceof AggregateError ? error.errors : [])].filter(
    (each) => each !== undefined,
  );
  return [error.stack ?? error.message, ...inside.map(told)].join('\n').slice(0, 5000);
}

/** What a client does while its broker is stopped and started again. */
export interface Restarts {
  /** Values `from`, `from + 1` …; resolves when they are acknowledged, or taken by a client that tells at its end. */
  send(values: readonly string[]): Promise<void>;
  /** Resolves when all that was sent is acknowledged. */
  finish(): Promise<void>;
  /** Members of groups that write down what they see. */
  readers: Readonly<Partial<Record<'classic' | 'consumer', ReadEvent[]>>>;
  /** Errors of the readers. */
  errors: [string, string][];
  /** Absent for clients without transactions. */
  transaction?: {
    begin(): Promise<void>;
    send(values: readonly string[]): Promise<void>;
    commit(): Promise<void>;
    abort(): Promise<void>;
  };
}

const AT_ONCE = 5;
const PROGRESS = 100;

async function goThrough({ send, finish, readers, errors, transaction }: Restarts): Promise<void> {
  let sent = 0;
  let acknowledged = 0;
  let enough = false;
  const all = Object.values(readers);
  const records = () => all.map((events) => events.filter(([kind]) => kind === 'read').length);
  const last = (events: readonly ReadEvent[]) => events.findLast(([kind]) => kind === 'read')?.[1] ?? -1;

  async function produceOn(): Promise<void> {
    while (!enough) {
      const values = Array.from({ length: AT_ONCE }, (_, i) => String(sent + i));
      sent += AT_ONCE;
      await send(values);
      acknowledged += AT_ONCE;
      await pause(20);
    }
    await finish();
  }
  /** Each of them has got on since. */
  async function progress(): Promise<void> {
    const before = acknowledged;
    const read = records();
    await until(
      () =>
        errors.length > 0 || (acknowledged >= before + PROGRESS && records().every((n, i) => n >= read[i]! + PROGRESS)),
      () => `all got on: ${acknowledged - before} acknowledged, ${records().map((n, i) => n - read[i]!)} read`,
    );
  }
  /** The first transaction is committed, the second aborted; the third is short and committed. */
  async function attempt(stage: number, half: number): Promise<void> {
    if (!transaction || errors.some(([of]) => of === 'transaction')) return;
    try {
      if (half === 0) await transaction.begin();
      await transaction.send(Array.from({ length: 5 }, (_, i) => `${stage}-${half * 5 + i}`));
      if (stage === 2 && half === 1) await transaction.abort();
      else if (stage === 3 || half === 1) await transaction.commit();
    } catch (error) {
      errors.push(['transaction', told(error)]);
    }
  }

  const producing = produceOn().catch((error) => errors.push(['produce', told(error)]));
  try {
    for (const stage of [1, 2, 3]) {
      await progress();
      await attempt(stage, 0);
      if (stage === 3) break;
      say({ at: 'under way' });
      await input.next();
      await attempt(stage, 1);
    }
    await progress();
    enough = true;
    await producing;
    await until(() => errors.length > 0 || all.every((events) => last(events) >= sent - 1), 'all is read');
  } catch (error) {
    errors.push(['produce', told(error)]);
  }
  say({ restarts: { sent, acknowledged, transactions: transaction !== undefined, errors, read: readers } });
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** ms; a program that waits for a client has no other way. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function until(
  holds: () => boolean,
  what: string | (() => string),
  limitMs = LIMIT_MS / 2,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end)
      throw new Error(`It did not come to this: ${typeof what === 'string' ? what : what()}`);
    await pause(20);
  }
}

/** Until it does not throw: what a controller has done a broker learns a moment later. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + LIMIT_MS / 4;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(20);
    }
  }
}

export function lines(count: number, text: string): string[] {
  return Array.from({ length: count }, (_, i) => `${text} ${i}`);
}
