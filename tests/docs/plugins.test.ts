import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import * as connect from '../../main/connect/public/connect.ts';
import * as testkit from '../../main/connect/testkit/index.ts';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../..');
const guide = readFileSync(resolve(ROOT, 'docs/plugins.md'), 'utf8');

/** Said in other words: the builders and schemas of logical types by example. */
const SAID_OTHERWISE = [
  'DATE',
  'DATE_SCHEMA',
  'DECIMAL',
  'TIME',
  'TIME_SCHEMA',
  'TIMESTAMP',
  'TIMESTAMP_SCHEMA',
  'ContractViolation',
];

test('the guide to plugins names everything that plugins can import', () => {
  const names = [...Object.keys(connect), ...Object.keys(testkit)].filter((name) => !SAID_OTHERWISE.includes(name));
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b[^\`]*\``).test(guide))).toEqual([]);
});

test('the names that it gives are those of package.json', () => {
  for (const path of Object.keys(manifest.exports).filter((it) => it.startsWith('./connect')))
    expect(guide).toContain(`@runnel-app/runnel/${path.slice(2)}`);
});
