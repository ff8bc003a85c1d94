import type { Contender } from './contenders.ts';
import type { Figures } from './table.ts';

/** A scenario that is set up: rounds of it may share a broker and files. */
export interface Rounds {
  run(contender: Contender, round: number): Promise<Figures>;
  close(): Promise<void>;
}

/** A scenario whose rounds share nothing. */
export function rounds(run: (contender: Contender) => Promise<Figures>): () => Promise<Rounds> {
  return async () => ({ run, close: async () => {} });
}
