import type { TopicPattern } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { isRetriable } from '../errors.ts';

const INTERNAL_TOPICS: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state']);

/** The topics that a consumer wants: by name, or all whose whole name matches a pattern. Java: `SubscriptionState`. */
export class Subscription {
  readonly #cluster: Cluster;
  readonly #excludeInternal: boolean;
  #pattern: TopicPattern | null = null;
  #topics: readonly string[] = [];

  constructor(cluster: Cluster, excludeInternal: boolean) {
    this.#cluster = cluster;
    this.#excludeInternal = excludeInternal;
  }

  /** What a join names, sorted. */
  get topics(): readonly string[] {
    return this.#topics;
  }

  set(topics: readonly string[] | RegExp | TopicPattern): void {
    if (isNames(topics)) {
      this.#pattern = null;
      this.#topics = [...new Set(topics)].sort();
      this.#cluster.wantOnly(this.#topics);
    } else {
      this.#pattern = topics instanceof RegExp ? wholeName(topics) : topics;
      this.#topics = [];
      this.#cluster.wantOnly('all');
    }
  }

  /** Looks at what exists now; returns whether other topics match than before. */
  match(): boolean {
    if (!this.#pattern) return false;
    const matching = this.#matching(this.#pattern);
    if (matching.join('\n') === this.#topics.join('\n')) return false;
    this.#topics = matching;
    return true;
  }

  /** Resolves when a pattern has been held against topics once; waits for a cluster that can't be reached. */
  async settled(stop: () => boolean): Promise<void> {
    while (this.#pattern && this.#cluster.topics().length === 0 && !stop()) {
      try {
        await this.#cluster.refreshed();
        break;
      } catch (error) {
        if (!isRetriable(error)) throw error;
      }
    }
    this.match();
  }

  #matching(pattern: TopicPattern): string[] {
    const names: string[] = [];
    for (const { name, internal } of this.#cluster.topics()) {
      if (this.#excludeInternal && (internal || INTERNAL_TOPICS.has(name))) continue;
      if (pattern.matches(name)) names.push(name);
    }
    return names.sort();
  }
}

function isNames(topics: readonly string[] | RegExp | TopicPattern): topics is readonly string[] {
  return Array.isArray(topics);
}

/** Java matches the whole name. Flags that keep state between tests would skip every other topic. */
function wholeName(regex: RegExp): TopicPattern {
  const whole = new RegExp(`^(?:${regex.source})$`, regex.flags.replace(/[gy]/g, ''));
  return { matches: (topic) => whole.test(topic) };
}
