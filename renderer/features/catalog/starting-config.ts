import type { CatalogPlugin } from '../../../common/connect/catalog.ts';
import type { ConfigEntries } from '../../../common/connect/properties-text.ts';
import { titleOf } from './catalog-list.ts';

/** What one begins with when a connector has no sample: its class, a name, and every key that it requires. */
export function startingConfig(plugin: CatalogPlugin): ConfigEntries {
  const required = plugin.config.filter((key) => key.required && key.name !== 'topics');
  return [
    ['name', kebab(titleOf(plugin))],
    ['connector.class', plugin.className],
    ['tasks.max', '1'],
    ...(plugin.kind === 'sink' ? ([['topics', '']] as const) : []),
    ...required.map(({ name }) => [name, ''] as const),
  ];
}

/** A configuration of one version names it when a later one is there. */
export function withVersion(entries: ConfigEntries, version: string | null): ConfigEntries {
  if (version === null || entries.some(([key]) => key === 'connector.plugin.version')) return entries;
  const at = entries.findIndex(([key]) => key === 'connector.class') + 1;
  return [...entries.slice(0, at), ['connector.plugin.version', version], ...entries.slice(at)];
}

/** `FileStreamSource` → `file-stream-source` */
function kebab(title: string): string {
  return title
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .toLowerCase();
}
