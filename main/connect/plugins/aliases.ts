/** The ends of class names that an alias may leave out, by kind of plugin. Java: `PluginUtils.prunedName`. */
const SUFFIXES = {
  connector: 'Connector',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
  transformation: 'Transformation',
  predicate: 'Predicate',
} as const;

export type PluginKind = keyof typeof SUFFIXES;

/**
 * The short names of classes: the simple name, and the same without its kind. A name that fits several classes is no
 * alias; nested classes such as `Cast$Value` have `Value` as their simple name, which is why none of them has one.
 */
export function computeAliases(classes: Iterable<{ kind: PluginKind; className: string }>): Map<string, string> {
  const candidates = new Map<string, Set<string>>();
  for (const { kind, className } of classes) {
    const simple = simpleName(className);
    const end = simple.lastIndexOf(SUFFIXES[kind]);
    for (const alias of [simple, end > 0 ? simple.slice(0, end) : simple]) {
      candidates.set(alias, (candidates.get(alias) ?? new Set()).add(className));
    }
  }
  const aliases = new Map<string, string>();
  for (const [alias, classNames] of candidates) {
    if (classNames.size === 1) aliases.set(alias, [...classNames][0] as string);
  }
  return aliases;
}

function simpleName(className: string): string {
  return className.slice(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
}
