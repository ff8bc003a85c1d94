import type { Catalog, CatalogPlugin, RefusedPackage } from '../../../common/connect/catalog.ts';

/** A line of the catalog: a plugin, or a package of which nothing is used. */
export type CatalogEntry =
  | { readonly id: string; readonly title: string; readonly plugin: CatalogPlugin; readonly refused?: undefined }
  | { readonly id: string; readonly title: string; readonly refused: RefusedPackage; readonly plugin?: undefined };

export interface CatalogFilter {
  readonly words: string;
  readonly direction: 'all' | 'source' | 'sink';
  /** The title of a group; null: any. */
  readonly group: string | null;
  readonly worksOffline: boolean;
  readonly runsOnKafkaConnect: boolean;
}

export const NO_FILTER: CatalogFilter = {
  words: '',
  direction: 'all',
  group: null,
  worksOffline: false,
  runsOnKafkaConnect: false,
};

export interface CatalogGroup {
  readonly title: string;
  readonly entries: readonly CatalogEntry[];
}

const OTHER_CONNECTORS = 'Other connectors';
const KINDS = {
  transformation: 'Transformations',
  predicate: 'Predicates',
  converter: 'Converters',
  header_converter: 'Header converters',
} as const;
const REFUSED = 'Packages not used';

/** Everything there is: connectors by their category first, packages that are not used last. */
export function catalogGroups({ plugins, refused }: Catalog): CatalogGroup[] {
  const groups = new Map<string, CatalogEntry[]>();
  const put = (title: string, entry: CatalogEntry) => {
    const entries = groups.get(title);
    if (entries) entries.push(entry);
    else groups.set(title, [entry]);
  };
  const connectors = plugins.filter(isConnector);
  const titles = [...new Set(connectors.map(({ category }) => category ?? OTHER_CONNECTORS))].sort(
    (a, b) => Number(a === OTHER_CONNECTORS) - Number(b === OTHER_CONNECTORS) || a.localeCompare(b, 'en'),
  );
  for (const title of titles)
    for (const plugin of connectors)
      if ((plugin.category ?? OTHER_CONNECTORS) === title) put(title, entryOf(plugin, plugins));
  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[])
    for (const plugin of plugins) if (plugin.kind === kind) put(KINDS[kind], entryOf(plugin, plugins));
  for (const [index, one] of refused.entries())
    put(REFUSED, { id: `refused ${index} ${one.folder}`, title: folderName(one.folder), refused: one });
  return [...groups].map(([title, entries]) => ({ title, entries }));
}

/** What meets the filter; groups that have nothing left are left out. */
export function filtered(groups: readonly CatalogGroup[], filter: CatalogFilter): CatalogGroup[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const meets = (entry: CatalogEntry) => {
    const { plugin, refused } = entry;
    if (filter.direction !== 'all' && plugin?.kind !== filter.direction) return false;
    if (filter.worksOffline && !plugin?.worksOffline) return false;
    if (filter.runsOnKafkaConnect && !plugin?.runsOnKafkaConnect) return false;
    const text = plugin
      ? `${plugin.className} ${plugin.summary} ${plugin.kind} ${plugin.category ?? ''}`
      : `${refused.folder} ${refused.reason}`;
    const found = text.toLowerCase();
    return words.every((word) => found.includes(word));
  };
  return groups
    .filter(({ title }) => filter.group === null || title === filter.group)
    .map(({ title, entries }) => ({ title, entries: entries.filter(meets) }))
    .filter(({ entries }) => entries.length > 0);
}

/** How many there are of each kind: `3 connectors, 21 transformations`. */
export function counts({ plugins, refused }: Catalog): { word: string; many: string; count: number }[] {
  const classes = (of: (plugin: CatalogPlugin) => boolean) =>
    new Set(plugins.filter(of).map(({ kind, className }) => `${kind} ${className}`)).size;
  return [
    { word: 'connector', many: 'connectors', count: classes(isConnector) },
    { word: 'transformation', many: 'transformations', count: classes(({ kind }) => kind === 'transformation') },
    { word: 'predicate', many: 'predicates', count: classes(({ kind }) => kind === 'predicate') },
    { word: 'converter', many: 'converters', count: classes(({ kind }) => kind === 'converter') },
    { word: 'package not used', many: 'packages not used', count: refused.length },
  ].filter(({ count }) => count > 0);
}

export function isConnector({ kind }: CatalogPlugin): boolean {
  return kind === 'source' || kind === 'sink';
}

/** The class without its package; a connector's without `Connector`, as a configuration may name it too. */
export function titleOf({ className, kind }: Pick<CatalogPlugin, 'className' | 'kind'>): string {
  const simple = className.slice(className.lastIndexOf('.') + 1);
  return kind === 'source' || kind === 'sink' ? simple.replace(/(?<=.)Connector$/, '') : simple;
}

/** With its version where the class is there in several. */
function entryOf(plugin: CatalogPlugin, plugins: readonly CatalogPlugin[]): CatalogEntry {
  const { kind, className, version } = plugin;
  const versions = plugins.filter((other) => other.className === className && other.kind === kind).length;
  const title = versions > 1 ? `${titleOf(plugin)} ${version}` : titleOf(plugin);
  return { id: `${kind} ${className} ${version}`, title, plugin };
}

function folderName(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
}
