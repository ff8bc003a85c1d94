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
    for (const alias of aliasesOf(kind, className)) {
      candidates.set(alias, (candidates.get(alias) ?? new Set()).add(className));
    }
  }
  const aliases = new Map<string, string>();
  for (const [alias, classNames] of candidates) {
    if (classNames.size === 1) aliases.set(alias, [...classNames][0] as string);
  }
  return aliases;
}

/** The names that may stand for a class as long as no other class has them. */
export function aliasesOf(kind: PluginKind, className: string): string[] {
  const simple = simpleName(className);
  const end = simple.lastIndexOf(SUFFIXES[kind]);
  return end > 0 ? [simple, simple.slice(0, end)] : [simple];
}

function simpleName(className: string): string {
  return className.slice(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
}
