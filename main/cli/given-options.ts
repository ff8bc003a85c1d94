import { UsageError } from './command-context.ts';

/**
 * The options of a command line by their names there (`to-offset`), and the checks that Kafka's tools make of them, with
 * their sentences. Java: `CommandLineUtils`.
 */
export class GivenOptions {
  readonly #values: ReadonlyMap<string, unknown>;

  /** @param values as the option parser has them: `toOffset` */
  constructor(values: object) {
    this.#values = new Map(Object.entries(values).map(([name, value]) => [kebab(name), value]));
  }

  has(name: string): boolean {
    return this.#values.get(name) !== undefined;
  }

  /** Throws unless all are given. */
  require(...names: readonly string[]): void {
    for (const name of names) {
      if (!this.has(name)) throw new UsageError(`Missing required argument "[${name}]"`);
    }
  }

  /** Throws when `used` and one of `others` are both given. */
  exclude(used: string, others: readonly string[]): void {
    if (!this.has(used)) return;
    const other = others.find((name) => this.has(name));
    if (other !== undefined) throw new UsageError(`Option "[${used}]" can't be used with option "[${other}]"`);
  }

  /** The only one of `actions` that is given. */
  action<A extends string>(actions: readonly A[], sentence: string): A {
    const given = actions.filter((name) => this.has(name));
    if (given.length !== 1) throw new UsageError(sentence);
    return given[0] as A;
  }
}

/** Options that make sense beside certain others alone. Java: `OptionSpecBuilder.availableIf`. */
export function checkAvailable(given: GivenOptions, rules: Readonly<Record<string, readonly string[]>>): void {
  const unavailable = Object.entries(rules)
    .filter(([name, beside]) => given.has(name) && !beside.some((other) => given.has(other)))
    .map(([name]) => name);
  if (unavailable.length > 0) {
    throw new UsageError(
      `Option(s) [${unavailable.join(', ')}] are unavailable given other options on the command line`,
    );
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
