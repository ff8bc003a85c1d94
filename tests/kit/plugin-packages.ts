import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { toItsEnd, tracked } from './run-command.ts';

export type PackageFiles = Readonly<Record<string, string | object>>;

/** A source connector of few words; `more` is spread over it, as text. */
export const sourceText = (more = '', className = 'com.example.Source') => `sourceConnector({
  className: '${className}', version: '1.0.0', summary: 'Numbers.', delivery: 'at least once', examples: [],
  config: configDef({ topic: { type: 'STRING', importance: 'HIGH', doc: 'Where they go.' } }),
  task: () => ({ start() {}, poll: async () => null, stop() {} }),
  ${more}
})`;

/** A module that lists these plugins. */
export const moduleText = (...plugins: readonly string[]) =>
  `import * as connect from '@runnel-app/runnel/connect';
const { sourceConnector, sinkConnector, converter, transformation, predicate, configDef, atLeast } = connect;
export default [${plugins.join(',\n')}];\n`;

/** A package.json that is right; `more` replaces its fields. */
export const manifestOf = (more: object = {}) => ({
  name: 'weather',
  version: '1.2.3',
  type: 'module',
  runnel: { plugins: './plugins.js', api: 1 },
  ...more,
});

/** Writes files, objects as JSON; returns the folder. */
export function writePackage(folder: string, files: PackageFiles): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

export interface LoadResult {
  name?: string;
  version?: string;
  /** `source com.example.Source` */
  classes?: string[];
  code?: string;
  key?: string;
  message?: string;
  hint?: string;
}

/** Loads each package as a worker does, in one process of Node's own, with these options of Node. */
export async function loadPackages(
  folders: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<LoadResult[]> {
  const script = resolve(import.meta.dirname, 'load-plugin-packages.ts');
  const { code, stdout, stderr } = await toItsEnd(
    tracked(spawn(process.execPath, [...nodeOptions, script, ...folders])),
  );
  if (code !== 0) throw new Error(stderr);
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LoadResult);
}
