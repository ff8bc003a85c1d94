import type { PlayedBroker } from './played-broker.ts';

/** A deliberate difference from Apache Kafka. Its reason goes into docs/kafka-compatibility.md. */
export interface Difference<T = unknown> {
  /** What the sandbox answers: the whole answer, or what becomes of Kafka's. */
  readonly sandbox: T | ((kafka: T) => unknown);
  /** A sentence that a user accepts. */
  readonly why: string;
}

/** How to bring a broker to an answer. Names of topics and groups come from `broker.named`, else cases meet each other. */
export type Play<T> = (broker: PlayedBroker) => Promise<T>;

/** Played on the sandbox and on Apache Kafka, a few at a time and in any order: the answers have to be equal. */
export interface BehaviourCase {
  /** Kafka's name of the API that is asked in the end. */
  readonly api: string;
  /** A sentence, unlike that of any other case of the API. */
  readonly name: string;
  readonly play: Play<unknown>;
  readonly differs?: Difference;
}

interface Differing {
  readonly play: Play<unknown>;
  readonly differs: Difference;
}

/** Cases of one API by their sentence; those with a difference come from `differing`. */
export function casesOf(api: string, plays: Readonly<Record<string, Play<unknown> | Differing>>): BehaviourCase[] {
  return Object.entries(plays).map(([name, it]) =>
    typeof it === 'function' ? { api, name, play: it } : { api, name, ...it },
  );
}

/** In the answer that is meant: a sentence of the sandbox's own, whatever its words. */
export const WORDS = '<words>';

/** Gives cases by their names the same difference. */
export function withDifference(
  cases: readonly BehaviourCase[],
  names: readonly string[],
  differs: Difference,
): BehaviourCase[] {
  const unknown = names.filter((name) => !cases.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`No case is called ${unknown.join(', ')}`);
  return cases.map((each) => (names.includes(each.name) ? { ...each, differs } : each));
}

/** A case whose answer is meant to be another one. When the answers become equal it fails: it is to be listed no longer. */
export function differing<T>(play: Play<T>, differs: Difference<T>): Differing {
  return { play, differs: differs as Difference };
}
