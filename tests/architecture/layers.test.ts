import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LIBRARIES, MACHINE, ROOMS } from './layers.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TREES = ['common', 'main', 'preload', 'renderer'];
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\s*\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;
const MACHINE_CALLS =
  /\b(Date\.now|new Date\(\)|performance\.now|process\.hrtime|Math\.random|setTimeout|setInterval)\b/;

function sources(root: string): string[] {
  return TREES.flatMap((tree) => {
    try {
      return readdirSync(join(root, tree), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
        .map((file) => join(tree, file).replaceAll('\\', '/'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

const within = (file: string, room: string) => file === room || file.startsWith(`${room}/`);
const roomOf = (file: string) =>
  Object.keys(ROOMS)
    .filter((room) => within(file, room))
    .sort((a, b) => b.length - a.length)[0];

/** Every import and machine call in `root` that the table doesn't allow, as one sentence each. */
function violations(root: string): string[] {
  const found: string[] = [];
  for (const file of sources(root)) {
    const text = readFileSync(join(root, file), 'utf8');
    const room = roomOf(file);
    if (!room) {
      found.push(`${file} is in no room of tests/architecture/layers.ts`);
      continue;
    }
    for (const match of text.matchAll(IMPORT)) {
      const target = (match[1] ?? match[2] ?? match[3]) as string;
      if (target.startsWith('.')) {
        const other = relative(root, resolve(root, dirname(file), target)).replaceAll('\\', '/');
        if (/\.(css|svg|woff2|json)$/.test(other)) continue;
        if (within(other, 'assets') || other === 'package.json') continue;
        const otherRoom = roomOf(other);
        const allowed = ROOMS[room] as readonly string[];
        const sameFeature =
          !room.startsWith('renderer') || featureOf(file) === featureOf(other) || featureOf(other) === '';
        if (otherRoom === room && (sameFeature || featureOf(file) === '')) continue;
        // A room that is allowed admits its own files, not those of a room inside it.
        if (allowed.some((a) => other === a || (within(other, a) && otherRoom === a))) continue;
        found.push(`${file} imports ${other}: ${room} may not`);
      } else {
        const name = target.replace(/^node:/, '');
        if (builtinModules.includes(name) || builtinModules.includes(name.split('/')[0] as string)) {
          if (within(file, 'common') || within(file, 'renderer'))
            found.push(`${file} imports ${target}: Node is not there`);
          continue;
        }
        const library = target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/');
        const homes = LIBRARIES[library];
        if (!homes?.some((home) => within(file, home))) found.push(`${file} imports ${library}: not its room`);
      }
    }
    if (!MACHINE.some((place) => within(file, place))) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
      const call = MACHINE_CALLS.exec(code);
      if (call) found.push(`${file} calls ${call[1]}: time and randomness are passed in`);
    }
  }
  return found;
}

/** `renderer/features/<name>`; a feature never imports another. */
function featureOf(file: string): string {
  return /^renderer\/features\/([^/]+)/.exec(file)?.[1] ?? '';
}

test('every import follows the layer table', () => {
  expect(sources(ROOT).length).toBeGreaterThan(5);
  expect(violations(ROOT)).toEqual([]);
});

const planted = mkdtempSync(join(tmpdir(), 'runnel-layers-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

test.each([
  ['renderer/x.ts', `import { x } from '../main/kafka/producer.ts';`, 'imports main/kafka/producer.ts'],
  ['renderer/features/a/x.ts', `import { x } from '../b/y.ts';`, 'imports renderer/features/b/y.ts'],
  ['main/connect/runtime/x.ts', `import { x } from '../../connectors/index.ts';`, 'imports main/connectors/index.ts'],
  ['main/connect/api/x.ts', `import { app } from 'electron';`, 'imports electron'],
  ['main/topics/x.ts', `const k = await import('kafkajs');`, 'imports kafkajs'],
  ['common/x.ts', `import fs from 'node:fs';`, 'Node is not there'],
  ['main/broker/x.ts', `export const now = () => Date.now();`, 'calls Date.now'],
])('a planted bad import in %s is found', (file, text, message) => {
  mkdirSync(join(planted, dirname(file)), { recursive: true });
  writeFileSync(join(planted, file), text);
  expect(violations(planted).find((v) => v.startsWith(`${file} `))).toContain(message);
});
