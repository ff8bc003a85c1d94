import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConnectException } from '../../../common/errors.ts';
import { type PluginManifest, packageRefusal, readPluginManifest } from './plugin-manifest.ts';
import { isRecord } from './plugin-mistakes.ts';

export interface PluginScan {
  /** In the order of `plugin.path`, by name inside a folder. */
  packages: PluginManifest[];
  /** What could not be used, with the reason; the others are there all the same. */
  refused: { folder: string; error: ConnectException }[];
}

/**
 * Finds plugin packages without importing anything. `plugin.path` is a list of folders separated by commas, as in
 * Connect; each is a package, a folder of packages, or a folder with `node_modules` (where `npm install` put them).
 * A package that says nothing of `runnel` is a library or a manifest of someone else: passed over, unless it was
 * named itself.
 */
export function scanPluginPath(pluginPath: string): PluginScan {
  const scan: PluginScan = { packages: [], refused: [] };
  const seen = new Set<string>();
  for (const item of pluginPath.split(',')) {
    if (item.trim() !== '') scanFolder(resolve(item.trim()), scan, seen);
  }
  return scan;
}

function scanFolder(folder: string, scan: PluginScan, seen: Set<string>): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const error = packageRefusal(folder, `plugin.path names ${folder}, which is no folder`, 'Correct plugin.path.');
    scan.refused.push({ folder, error });
    return;
  }
  const before = scan.packages.length + scan.refused.length;
  if (saysRunnel(folder)) {
    addPackage(folder, scan, seen);
    return;
  }
  for (const found of [...packagesIn(folder), ...packagesIn(join(folder, 'node_modules'))])
    if (saysRunnel(found)) addPackage(found, scan, seen);
  if (existsSync(join(folder, 'package.json')) && scan.packages.length + scan.refused.length === before)
    addPackage(folder, scan, seen);
}

/** A package is used once, however many ways lead to it. */
function addPackage(folder: string, scan: PluginScan, seen: Set<string>): void {
  const real = realpathSync(folder);
  if (seen.has(real)) return;
  seen.add(real);
  try {
    scan.packages.push(readPluginManifest(folder));
  } catch (error) {
    if (!(error instanceof ConnectException)) throw error;
    scan.refused.push({ folder, error });
  }
}

/** Folders, also behind links (npm link) and inside of @scopes. */
function packagesIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .flatMap((path) =>
      existsSync(join(path, 'package.json')) || !/[\\/]@[^\\/]+$/.test(path) ? [path] : packagesIn(path),
    );
}

/** Its package.json speaks of Runnel, or can't be read, which has to be told. */
function saysRunnel(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return isRecord(manifest) && 'runnel' in manifest;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
