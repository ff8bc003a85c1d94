import { ConnectException } from '../../common/errors.ts';
import { CATALOGUE } from './catalogue.ts';
import { aliasesOf, type PluginKind } from './plugins/aliases.ts';
import { loadPluginPackage } from './plugins/plugin-loader.ts';
import { scanPluginPath } from './plugins/plugin-path.ts';

export interface InstalledPlugin {
  className: string;
  /** The simple name, and the same without its kind; the second is missing where it is the first. */
  aliases: readonly string[];
  version: string;
  kind: string;
  /** The folder of its package. */
  location: string;
}

/**
 * Loads every package on `plugin.path` into this process, which foreign code then runs in: for a command that looks at
 * them, never for a worker. A package that can't be used is told with its reason and hides no other.
 */
export async function loadInstalledPlugins(
  pluginPath: string,
): Promise<{ plugins: InstalledPlugin[]; refused: ConnectException[] }> {
  const builtIn = new Set([...CATALOGUE.connectors, ...CATALOGUE.plugins].map(({ className }) => className));
  const { packages, refused: unread } = scanPluginPath(pluginPath);
  const plugins: InstalledPlugin[] = [];
  const refused = unread.map(({ error }) => error);
  for (const { folder } of packages) {
    try {
      for (const { className, version, kind } of (await loadPluginPackage(folder, builtIn)).plugins) {
        const lookedUpAs: PluginKind = kind === 'source' || kind === 'sink' ? 'connector' : kind;
        plugins.push({ className, aliases: aliasesOf(lookedUpAs, className), version, kind, location: folder });
      }
    } catch (error) {
      if (!(error instanceof ConnectException)) throw error;
      refused.push(error);
    }
  }
  return { plugins, refused };
}
