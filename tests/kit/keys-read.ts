/** Which keys of configurations somebody has looked at, while `parseConfig` itself looks at all of them. */
export class KeysRead {
  readonly #byDefinition = new Map<object, Set<string>>();
  readonly raw = new Set<string>();
  #silent = false;

  /** The keys of a definition that were looked at in what it was parsed to. */
  of(definition: object): ReadonlySet<string> {
    return this.#byDefinition.get(definition) ?? new Set();
  }

  /** What is looked at in a parsed configuration counts for the definition's keys, those with its values apart. */
  parsed<T extends object>(definition: object, keys: object, parse: () => T): T {
    const read = this.#byDefinition.get(keys) ?? new Set<string>();
    this.#byDefinition.set(keys, read);
    this.#byDefinition.set(definition, read);
    const before = this.#silent;
    this.#silent = true;
    try {
      return watched(parse(), (key) => read.add(key));
    } finally {
      this.#silent = before;
    }
  }

  /** A map of strings as it was given; copying or listing it is not looking at a key. */
  given<T extends object>(config: T): T {
    return watched(config, (key) => {
      if (!this.#silent) this.raw.add(key);
    });
  }
}

function watched<T extends object>(target: T, read: (key: string) => void): T {
  let copied: PropertyKey | null = null;
  return new Proxy(target, {
    // A copy asks for each property's descriptor right before its value.
    getOwnPropertyDescriptor(object, key) {
      copied = key;
      return Reflect.getOwnPropertyDescriptor(object, key);
    },
    get(object, key) {
      if (copied !== key && typeof key === 'string') read(key);
      copied = null;
      return Reflect.get(object, key);
    },
  });
}
