import type { PluginInfo } from '../../../common/connect/config-infos.ts';
import { ConnectException } from '../../../common/errors.ts';
import type { ConfigDef } from '../api/config-def.ts';
import type { Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';
import { computeAliases } from './aliases.ts';

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

/**
 * The worker's plugins by class name or alias, looked up in Maps: a name from outside never becomes an import or a
 * property. Java: `org.apache.kafka.connect.runtime.isolation.Plugins`.
 */
export class Plugins {
  readonly #connectors = new Map<string, Connector>();
  readonly #plugins = new Map<string, Plugin>();
  readonly #aliases: ReadonlyMap<string, string>;

  constructor(catalogue: PluginCatalogue) {
    for (const connector of catalogue.connectors) {
      if (this.#connectors.has(connector.className)) throw new Error(`${connector.className} is listed twice`);
      this.#connectors.set(connector.className, connector);
    }
    for (const plugin of catalogue.plugins) {
      const key = keyOf(plugin.kind, plugin.className);
      if (this.#plugins.has(key)) throw new Error(`${key} is listed twice`);
      this.#plugins.set(key, plugin);
    }
    this.#aliases = computeAliases([
      ...catalogue.connectors.map(({ className }) => ({ kind: 'connector', className }) as const),
      ...catalogue.plugins,
    ]);
  }

  /** Throws ConnectException (UNKNOWN_CLASS) that lists the classes there are. */
  connector(classOrAlias: string): Connector {
    const connector = this.findConnector(classOrAlias);
    if (connector !== undefined) return connector;
    const known = [...this.#connectors.keys()].sort().join(', ');
    throw new ConnectException(
      `Failed to find any class that implements Connector and which name matches ${classOrAlias}, ` +
        `available connectors are: ${known}`,
      { code: 'UNKNOWN_CLASS', key: 'connector.class', hint: 'Check the spelling, upper and lower case included.' },
    );
  }

  findConnector(classOrAlias: string): Connector | undefined {
    return this.#connectors.get(classOrAlias) ?? this.#connectors.get(this.#aliases.get(classOrAlias) ?? '');
  }

  find<Kind extends Plugin['kind']>(kind: Kind, classOrAlias: string): PluginOf<Kind> | undefined {
    const plugin =
      this.#plugins.get(keyOf(kind, classOrAlias)) ??
      this.#plugins.get(keyOf(kind, this.#aliases.get(classOrAlias) ?? ''));
    return plugin as PluginOf<Kind> | undefined;
  }

  /** The class of that name or alias, of whatever kind it is. */
  findAny(classOrAlias: string): Connector | Plugin | undefined {
    const kinds = Object.keys(INTERFACES) as Plugin['kind'][];
    return (
      this.findConnector(classOrAlias) ??
      kinds.map((kind) => this.find(kind, classOrAlias)).find((plugin) => plugin !== undefined)
    );
  }

  /** Those that Java would have inside of it: `Cast$Key` and `Cast$Value` of `Cast`. */
  nestedClasses(className: string): string[] {
    return [...new Set([...this.#plugins.values()].map((plugin) => plugin.className))]
      .filter((name) => name.startsWith(`${className}$`))
      .sort();
  }

  /** Throws ConnectException (UNKNOWN_CLASS). */
  get<Kind extends Plugin['kind']>(kind: Kind, classOrAlias: string): PluginOf<Kind> {
    const plugin = this.find(kind, classOrAlias);
    if (plugin !== undefined) return plugin;
    throw new ConnectException(
      `Failed to find any class that implements ${INTERFACES[kind]} and which name matches ${classOrAlias}`,
      { code: 'UNKNOWN_CLASS', hint: `Known are: ${this.classNames(kind).join(', ')}.` },
    );
  }

  /** Sorted. */
  classNames(kind: Plugin['kind']): string[] {
    return [...this.#plugins.values()]
      .filter((plugin) => plugin.kind === kind)
      .map((plugin) => plugin.className)
      .sort();
  }

  /** The definition of any plugin, for `GET /connector-plugins/{name}/config`; undefined when it is unknown. */
  config(classOrAlias: string): { def: ConfigDef; connector: Connector | null } | undefined {
    const found = this.findAny(classOrAlias);
    if (found === undefined) return undefined;
    const connector = found.kind === 'source' || found.kind === 'sink' ? found : null;
    return { def: found.config, connector };
  }

  /** In Connect's order: sinks, sources, transformations, predicates, converters, header converters. */
  list(connectorsOnly: boolean): PluginInfo[] {
    const connectors = [...this.#connectors.values()].map(
      ({ className, kind, version }): PluginInfo => ({ class: className, type: kind, version }),
    );
    const plugins = [...this.#plugins.values()].map(
      ({ className, kind, version }): PluginInfo => ({ class: className, type: kind, version }),
    );
    return [...connectors, ...(connectorsOnly ? [] : plugins)].sort(
      (a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || (a.class < b.class ? -1 : 1),
    );
  }
}

const ORDER: readonly PluginInfo['type'][] = [
  'sink',
  'source',
  'transformation',
  'predicate',
  'converter',
  'header_converter',
];

function keyOf(kind: Plugin['kind'], className: string): string {
  return `${kind} ${className}`;
}
