import { compilePattern } from './name-pattern.ts';

const PATTERNS_KEPT = 1000;

/** The topics that there are; `revision` is another one when one was made or deleted. */
export interface TopicNames {
  readonly revision: number;
  names(): Iterable<string>;
}

/** Which topics match the patterns that members of groups are subscribed to. */
export class TopicPatterns {
  readonly #topics: TopicNames;
  readonly #found = new Map<string, { revision: number; names: readonly string[] }>();

  constructor(topics: TopicNames) {
    this.#topics = topics;
  }

  /** Their names, sorted. The pattern is a valid one. */
  matching(pattern: string): readonly string[] {
    const { revision } = this.#topics;
    const known = this.#found.get(pattern);
    if (known?.revision === revision) return known.names;
    const matches = compilePattern(pattern);
    const names = [...this.#topics.names()].filter(matches).sort();
    // Clients choose the patterns: what is forgotten is found again.
    if (this.#found.size >= PATTERNS_KEPT) this.#found.clear();
    this.#found.set(pattern, { revision, names });
    return names;
  }
}
