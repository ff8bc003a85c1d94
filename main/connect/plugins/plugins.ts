import type { PluginInfo } from '../../../common/connect/config-infos.ts';
import { ConfigException, ConnectException } from '../../../common/errors.ts';
import type { ConfigDef } from '../api/config-def.ts';
import type { Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';
import { computeAliases, type PluginKind } from './aliases.ts';
import { compareVersions } from './artifact-version.ts';
import { VersionRange } from './version-range.ts';

/** Everything that can be named in a configuration. The composition makes it; nothing is found by importing. */
export interface PluginCatalogue {
  connectors: readonly Connector[];
  plugins: readonly Plugin[];
}

export type PluginOf<Kind extends Plugin['kind']> = Extract<Plugin, { kind: Kind }>;

/** What a message calls the interface of each kind. */
export const INTERFACES: Readonly<Record<Plugin['kind'], string>> = {
  converter: 'Converter',
  header_converter: 'HeaderConverter',
  transformation: 'Transformation',
  predicate: 'Predicate',
};

type Definition = Connector | Plugin;
/** The versions of one class, from the oldest. */
type Versions = readonly [Definition, ...Definition[]];

/**
 * The worker's plugins by class name or alias, looked up in Maps: a name from outside never becomes an import or a
 * property. A class may be there in several versions; the latest is taken that fits `version`, which is what a
 * configuration says under `plugin.version` (KIP-891). Java: `org.apache.kafka.connect.runtime.isolation.Plugins`.
 */
export class Plugins {
  readonly #versions = new Map<string, Versions>();
  #aliases: ReadonlyMap<string, string> = new Map();

  constructor(catalogue: PluginCatalogue) {
    this.add([...catalogue.connectors, ...catalogue.plugins]);
  }

  /** Plugins that were found later. None of them may be there in the same version. */
  add(definitions: readonly Definition[]): void {
    for (const definition of definitions) {
      const key = keyOf(lookedUpAs(definition), definition.className);
      const others = this.#versions.get(key) ?? [];
      if (others.some(({ version }) => version === definition.version)) throw new Error(`${key} is listed twice`);
      const all = [...others, definition].sort((a, b) => compareVersions(a.version, b.version));
      this.#versions.set(key, all as [Definition, ...Definition[]]);
    }
    this.#aliases = computeAliases(
      [...this.#versions.values()].map(([definition]) => ({
        kind: lookedUpAs(definition),
        className: definition.className,
      })),
    );
  }

  /** The same class in the same version, as the same kind of plugin. */
  has(definition: Definition): boolean {
    return this.versions(lookedUpAs(definition), definition.className).includes(definition.version);
  }

  /** Throws ConnectException: UNKNOWN_CLASS lists the classes there are, UNKNOWN_VERSION the versions. */
  connector(classOrAlias: string, version?: string | null): Connector {
    return this.#get('connector', classOrAlias, version, () => {
      const known = [...this.#versions.values()].map(([it]) => it).filter(isConnector);
      const names = known.map((it) => it.className).sort();
      return new ConnectException(
        `Failed to find any class that implements Connector and which name matches ${classOrAlias}, ` +
          `available connectors are: ${names.join(', ')}`,
        { code: 'UNKNOWN_CLASS', key: 'connector.class', hint: 'Check the spelling, upper and lower case included.' },
      );
    }) as Connector;
  }

  /** The latest that fits; undefined when there is none. Throws ConfigException when `version` is no version. */
  findConnector(classOrAlias: string, version?: string | null): Connector | undefined {
    return this.#find('connector', classOrAlias, version) as Connector | undefined;
  }

  find<Kind extends Plugin['kind']>(
    kind: Kind,
    classOrAlias: string,
    version?: string | null,
  ): PluginOf<Kind> | undefined {
    return this.#find(kind, classOrAlias, version) as PluginOf<Kind> | undefined;
  }

  /** Throws ConnectException (UNKNOWN_CLASS, UNKNOWN_VERSION). */
  get<Kind extends Plugin['kind']>(kind: Kind, classOrAlias: string, version?: string | null): PluginOf<Kind> {
    return this.#get(
      kind,
      classOrAlias,
      version,
      () =>
        new ConnectException(
          `Failed to find any class that implements ${INTERFACES[kind]} and which name matches ${classOrAlias}`,
          { code: 'UNKNOWN_CLASS', hint: `Known are: ${this.classNames(kind).join(', ')}.` },
        ),
    ) as PluginOf<Kind>;
  }

  /** The class of that name or alias, of whatever kind it is. */
  findAny(classOrAlias: string): Connector | Plugin | undefined {
    for (const kind of KINDS) {
      const all = this.#all(kind, classOrAlias);
      if (all !== undefined) return all.at(-1);
    }
    return undefined;
  }

  /** Those that Java would have inside of it: `Cast$Key` and `Cast$Value` of `Cast`. */
  nestedClasses(className: string): string[] {
    return [...new Set([...this.#versions.values()].map(([plugin]) => plugin.className))]
      .filter((name) => name.startsWith(`${className}$`))
      .sort();
  }

  /** Sorted. */
  classNames(kind: Plugin['kind']): string[] {
    return [...this.#versions.values()]
      .map(([plugin]) => plugin)
      .filter((plugin) => plugin.kind === kind)
      .map((plugin) => plugin.className)
      .sort();
  }

  /** From the oldest; none for an unknown class. */
  versions(kind: PluginKind, classOrAlias: string): string[] {
    return (this.#all(kind, classOrAlias) ?? []).map(({ version }) => version);
  }

  /** Why no version of a known class fits, in Connect's words; null when one does or the class itself is unknown. */
  versionMismatch(kind: PluginKind, classOrAlias: string, version: string | null | undefined): string | null {
    const all = this.#all(kind, classOrAlias);
    const range = rangeOf(version);
    if (all === undefined || range === null || all.some((it) => range.contains(it.version))) return null;
    const available = all.map((it) => it.version).join(', ');
    return `Plugin ${all[0].className} not found that matches the version range ${range}, available versions: [${available}]`;
  }

  /** A version that fits, or the latest when none does: the rest of a configuration can be judged all the same. */
  closest(kind: 'connector', classOrAlias: string, version: string | null | undefined): Connector | undefined;
  closest<Kind extends Plugin['kind']>(
    kind: Kind,
    classOrAlias: string,
    version: string | null | undefined,
  ): PluginOf<Kind> | undefined;
  closest(kind: PluginKind, classOrAlias: string, version: string | null | undefined): Definition | undefined {
    return this.fits(kind, classOrAlias, version)
      ? this.#find(kind, classOrAlias, version)
      : this.#all(kind, classOrAlias)?.at(-1);
  }

  /** The version can be read, and a version of the class is within it. */
  fits(kind: PluginKind, classOrAlias: string, version: string | null | undefined): boolean {
    try {
      return this.versionMismatch(kind, classOrAlias, version) === null;
    } catch (error) {
      if (error instanceof ConfigException) return false;
      throw error;
    }
  }

  /** The definition of any plugin, for `GET /connector-plugins/{name}/config`; undefined when it is unknown. */
  config(classOrAlias: string, version?: string | null): { def: ConfigDef; connector: Connector | null } | undefined {
    for (const kind of KINDS) {
      if (this.#all(kind, classOrAlias) === undefined) continue;
      const found = this.#get(kind, classOrAlias, version, () => new Error(`${classOrAlias} is there`));
      return { def: found.config, connector: isConnector(found) ? found : null };
    }
    return undefined;
  }

  /** In Connect's order: sinks, sources, transformations, predicates, converters, header converters. */
  list(connectorsOnly: boolean): PluginInfo[] {
    return this.definitions()
      .filter((definition) => !connectorsOnly || isConnector(definition))
      .map(({ className, kind, version }) => ({ class: className, type: kind, version }));
  }

  /** All of them, in the same order. */
  definitions(): Definition[] {
    return [...this.#versions.values()]
      .flat()
      .sort(
        (a, b) =>
          ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
          (a.className === b.className ? compareVersions(a.version, b.version) : a.className < b.className ? -1 : 1),
      );
  }

  #all(kind: PluginKind, classOrAlias: string): Versions | undefined {
    return (
      this.#versions.get(keyOf(kind, classOrAlias)) ??
      this.#versions.get(keyOf(kind, this.#aliases.get(classOrAlias) ?? ''))
    );
  }

  #find(kind: PluginKind, classOrAlias: string, version: string | null | undefined): Definition | undefined {
    const range = rangeOf(version);
    return this.#all(kind, classOrAlias)?.findLast((it) => range === null || range.contains(it.version));
  }

  #get(
    kind: PluginKind,
    classOrAlias: string,
    version: string | null | undefined,
    unknownClass: () => Error,
  ): Definition {
    const found = this.#find(kind, classOrAlias, version);
    if (found !== undefined) return found;
    const mismatch = this.versionMismatch(kind, classOrAlias, version);
    if (mismatch === null) throw unknownClass();
    throw new ConnectException(mismatch, { code: 'UNKNOWN_VERSION' });
  }
}

const KINDS = ['connector', ...Object.keys(INTERFACES)] as readonly PluginKind[];

const ORDER: readonly PluginInfo['type'][] = [
  'sink',
  'source',
  'transformation',
  'predicate',
  'converter',
  'header_converter',
];

function rangeOf(version: string | null | undefined): VersionRange | null {
  return version === undefined || version === null ? null : VersionRange.parse(version);
}

function isConnector(definition: Definition): definition is Connector {
  return definition.kind === 'source' || definition.kind === 'sink';
}

function lookedUpAs(definition: Definition): PluginKind {
  return isConnector(definition) ? 'connector' : definition.kind;
}

function keyOf(kind: PluginKind, className: string): string {
  return `${kind} ${className}`;
}
