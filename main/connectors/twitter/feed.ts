import type { Post } from './post.ts';

/** Where posts come from: the n-th of an endless row, always the same one, so that a restart can go on with it. */
export interface Feed {
  /** Said once at the start when it is not what was asked for. */
  readonly warning: string | null;
  /** Null: this feed has nothing that the stream asks for. */
  post(n: number): Post | null;
}
