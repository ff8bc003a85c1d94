import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ConnectException } from '../../../common/errors.ts';
import { isRecord } from './plugin-mistakes.ts';

/** The version of the API between Runnel and plugins: `api` in `package.json`. */
export const PLUGIN_API = 1;

/** What a plugin package says of itself before anything of it runs. */
export interface PluginManifest {
  /** Absolute. */
  folder: string;
  name: string;
  version: string;
  /** The module whose default export lists the plugins: absolute, inside `folder`. */
  entry: string;
}

/** A package that can't be used: what is wrong, and what to do about it. `key` is the folder. */
export function packageRefusal(folder: string, message: string, hint: string, cause?: unknown): ConnectException {
  return new ConnectException(message, { code: 'INVALID_PLUGIN', key: folder, hint, cause });
}

/**
 * Reads and checks `package.json` of a plugin package; nothing is imported. Throws ConnectException (INVALID_PLUGIN)
 * that names the folder, the field and the cure.
 */
export function readPluginManifest(path: string): PluginManifest {
  const folder = resolve(path);
  const manifest = readPackageJson(folder);
  const refuse = (what: string, hint: string) =>
    packageRefusal(
      folder,
      `Plugin package ${typeof manifest.name === 'string' ? manifest.name : folder}: ${what}`,
      hint,
    );
  const text = (field: 'name' | 'version'): string => {
    const value = manifest[field];
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw refuse(
      `package.json has no ${field}`,
      `Add "${field}": "${field === 'name' ? 'my-plugin' : '1.0.0'}" to ${join(folder, 'package.json')}.`,
    );
  };
  const { runnel } = manifest;
  if (runnel === undefined)
    throw refuse(
      'package.json has no "runnel", so it is no plugin package',
      `Add "runnel": {"plugins": "./plugins.js", "api": ${PLUGIN_API}} to ${join(folder, 'package.json')}.`,
    );
  if (!isRecord(runnel))
    throw refuse('"runnel" in package.json is no object', `Write {"plugins": "./plugins.js", "api": ${PLUGIN_API}}.`);
  for (const field of Object.keys(runnel))
    if (field !== 'plugins' && field !== 'api')
      throw refuse(`"runnel.${field}" in package.json is not known`, 'Known are "plugins" and "api".');
  checkApi(runnel.api, refuse);
  const [name, version] = [text('name'), text('version')];
  return { folder, name, version, entry: entryOf(folder, runnel.plugins, refuse) };
}

function readPackageJson(folder: string): Record<string, unknown> {
  const file = join(folder, 'package.json');
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw packageRefusal(
      folder,
      `Plugin package ${folder}: package.json can't be read (${(error as NodeJS.ErrnoException).code})`,
      'Name the folder of an npm package, one with a package.json that this user may read.',
      error,
    );
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(content);
  } catch (error) {
    throw packageRefusal(
      folder,
      `Plugin package ${folder}: package.json is not JSON: ${(error as Error).message}`,
      `Mend ${file}.`,
      error,
    );
  }
  if (isRecord(manifest)) return manifest;
  throw packageRefusal(folder, `Plugin package ${folder}: package.json holds no object`, `Mend ${file}.`);
}

type Refuse = (what: string, hint: string) => ConnectException;

function checkApi(api: unknown, refuse: Refuse): void {
  if (api === PLUGIN_API) return;
  if (api === undefined)
    throw refuse('"runnel.api" is missing in package.json', `Add "api": ${PLUGIN_API}, the API it is written for.`);
  if (typeof api === 'number' && Number.isInteger(api) && api > PLUGIN_API)
    throw refuse(
      `it is written for plugin API ${api}, and this Runnel has ${PLUGIN_API}`,
      'Update Runnel, or install an older version of the package.',
    );
  throw refuse(`"runnel.api" is ${JSON.stringify(api)}`, `Write the number ${PLUGIN_API}.`);
}

function entryOf(folder: string, plugins: unknown, refuse: Refuse): string {
  if (typeof plugins !== 'string' || plugins === '')
    throw refuse(
      plugins === undefined ? '"runnel.plugins" is missing in package.json' : '"runnel.plugins" is no text',
      'Name the module whose default export lists the plugins: "plugins": "./plugins.js".',
    );
  const entry = resolve(folder, plugins);
  if (!isInside(folder, entry))
    throw refuse(`"runnel.plugins" names ${plugins}, outside of the package`, 'Name a file inside of the package.');
  if (!/\.[cm]?js$/.test(entry))
    throw refuse(
      `"runnel.plugins" names ${plugins}, which is no JavaScript`,
      'Name a .js, .mjs or .cjs file; compile TypeScript before packing.',
    );
  const kind = statSync(entry, { throwIfNoEntry: false });
  if (kind === undefined)
    throw refuse(
      `${plugins}, named by "runnel.plugins", is not there`,
      'Build the package, or see that "files" in package.json lets npm pack take it along.',
    );
  if (!kind.isFile()) throw refuse(`"runnel.plugins" names ${plugins}, which is no file`, 'Name the module itself.');
  if (!isInside(realpathSync(folder), realpathSync(entry)))
    throw refuse(
      `${plugins} is a link to ${realpathSync(entry)}, outside of the package`,
      'Put the file itself there.',
    );
  return entry;
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !/^([a-zA-Z]:|[\\/])/.test(path);
}
