import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Ability } from './abilities.ts';

/** What a member of a group saw, in order: a record's offset and number, or the offset that it has committed. */
export type ReadEvent = readonly ['read', number, number] | readonly ['committed', number];

/** What a client did while its broker was stopped and started again; judged in restarts.ts. */
export interface RestartReport {
  /** Records with the numbers 0, 1, 2 … were given to the producer, so many. */
  sent: number;
  acknowledged: number;
  /** Whether it has transactions. */
  transactions: boolean;
  /** What went wrong, by `produce`, `transaction` or the protocol of the group that reads. */
  errors: readonly (readonly [string, string])[];
  /** By group protocol. */
  read: Readonly<Partial<Record<'classic' | 'consumer', readonly ReadEvent[]>>>;
}

/** How an ability went: null when well, else what was wrong. */
export type Outcome = string | null;

/**
 * A program that tries a client: it writes a line of JSON for every ability, `{"at":"under way"}` when its broker may
 * be stopped (it then waits for the line `restarted`), and a report of that at its end.
 */
export class ClientProcess {
  readonly outcomes = new Map<Ability, Outcome>();
  restarts: RestartReport | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #stages: (() => void)[] = [];
  #stage = 0;
  #stderr = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-10_000);
    });
    child.stdin?.on('error', () => {});
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => this.#take(line));
    this.#ended = new Promise((resolve) => child.on('close', () => resolve()));
  }

  /** What it said on its standard error. */
  get said(): string {
    return this.#stderr;
  }

  /** Resolves when it is under way for the `count`th time, or has ended. */
  async underWay(count: number): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      if (this.#stage >= count) resolve();
      else this.#stages.push(() => this.#stage >= count && resolve());
    });
    await Promise.race([reached, this.#ended]);
  }

  restarted(): void {
    this.#child.stdin?.write('restarted\n');
  }

  end(): Promise<void> {
    return this.#ended;
  }

  #take(line: string): void {
    if (!line.startsWith('{')) {
      this.#stderr = `${this.#stderr}${line}\n`.slice(-10_000);
      return;
    }
    const said = JSON.parse(line) as
      | { ability: Ability; error: Outcome }
      | { at: 'under way' }
      | { restarts: RestartReport };
    if ('ability' in said) this.outcomes.set(said.ability, said.error);
    else if ('restarts' in said) this.restarts = said.restarts;
    else {
      this.#stage += 1;
      for (const each of this.#stages) each();
    }
  }
}
