import { pathToFileURL } from 'node:url';
import type { ConnectException } from '../../../common/errors.ts';
import { API_MODULE, installApiModule } from './api-module.ts';
import { checkDefinitions, type Definition } from './check-definition.ts';
import { guardedPlugin } from './guarded-plugin.ts';
import { type PluginManifest, packageRefusal, readPluginManifest } from './plugin-manifest.ts';
import { type Mistake, mistakeText, shown } from './plugin-mistakes.ts';

export interface PluginPackage {
  name: string;
  version: string;
  plugins: readonly Definition[];
}

const PACKAGE = API_MODULE.replace(/\/connect$/, '');

/**
 * Imports a plugin package and checks all that it lists; throws ConnectException (INVALID_PLUGIN) that names package,
 * file, plugin, field and the cure. Foreign code runs in the calling process, so this is called in processes made for
 * it; `builtIn` are the class names that come with Runnel.
 */
export async function loadPluginPackage(
  folder: string,
  builtIn: ReadonlySet<string> = new Set(),
): Promise<PluginPackage> {
  const manifest = readPluginManifest(folder);
  installApiModule();
  const plugins = listed(manifest, await importEntry(manifest));
  const mistakes = checkDefinitions(plugins, builtIn);
  if (mistakes.length > 0) throw refusalOf(manifest, mistakes);
  return {
    name: manifest.name,
    version: manifest.version,
    plugins: (plugins as readonly Definition[]).map(guardedPlugin),
  };
}

async function importEntry(manifest: PluginManifest): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(manifest.entry).href);
  } catch (error) {
    throw importRefusal(manifest, error);
  }
}

function importRefusal(manifest: PluginManifest, error: unknown): ConnectException {
  const { folder } = manifest;
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  const refuse = (what: string, hint: string) => packageRefusal(folder, `${labelOf(manifest)}: ${what}`, hint, error);
  if (error instanceof SyntaxError) {
    const missing = /does not provide an export named '([^']+)'/.exec(message)?.[1];
    return missing !== undefined && message.includes(API_MODULE)
      ? refuse(
          `it imports ${missing}, which ${API_MODULE} does not have`,
          'Check the spelling (docs/plugins.md lists what is there), or update Runnel.',
        )
      : refuse(`it is no JavaScript: ${message}`, `node --check ${manifest.entry} shows the line.`);
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return message.includes(PACKAGE)
      ? refuse(
          `it imports a part of ${PACKAGE} that is not there for plugins`,
          `Import from ${API_MODULE} alone (an ES module by import); its test kit is there in tests only.`,
        )
      : refuse(
          `it imports what is not there: ${message.split('\n')[0]}`,
          `Run npm install --omit=dev in ${folder}, or list it in "bundleDependencies" before npm pack.`,
        );
  }
  return refuse(
    `it fails while it is imported: ${message}`,
    'Let the module only define its plugins; open files and connections when a task starts.',
  );
}

function listed(manifest: PluginManifest, module: { default?: unknown }): readonly unknown[] {
  const refuse = (what: string) =>
    packageRefusal(
      manifest.folder,
      `${labelOf(manifest)}: ${what}`,
      'Write export default [ … ] with what sourceConnector, sinkConnector and the other factories return.',
    );
  if (!('default' in module)) throw refuse('it has no default export');
  if (!Array.isArray(module.default)) throw refuse(`its default export is ${shown(module.default)}, not an array`);
  if (module.default.length === 0) throw refuse('its default export is an empty array');
  return module.default;
}

function refusalOf(manifest: PluginManifest, mistakes: readonly Mistake[]): ConnectException {
  const [first] = mistakes as [Mistake];
  if (mistakes.length === 1)
    return packageRefusal(manifest.folder, `${labelOf(manifest)}: ${mistakeText(first)}`, first.cure);
  const lines = mistakes.map((mistake) => `\n- ${mistakeText(mistake)}. ${mistake.cure}`);
  return packageRefusal(
    manifest.folder,
    `${labelOf(manifest)}: ${mistakes.length} mistakes${lines.join('')}`,
    'Mend them; checkPlugin of the test kit finds the same.',
  );
}

/** `Plugin package weather 1.0.0 (/plugins/weather/plugins.js)` */
function labelOf({ name, version, entry }: PluginManifest): string {
  return `Plugin package ${name} ${version} (${entry})`;
}
