import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type LoadResult,
  loadPackages,
  manifestOf,
  moduleText,
  type PackageFiles,
  sourceText,
  writePackage,
} from '../../../kit/plugin-packages.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'runnel-plugins-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A package whose only mistake is in its module. */
const withModule = (...plugins: readonly string[]): PackageFiles => ({
  'package.json': manifestOf(),
  'plugins.js': moduleText(...plugins),
});
const withManifest = (more: object): PackageFiles => ({
  'package.json': manifestOf(more),
  'plugins.js': moduleText(sourceText()),
});
const withKeys = (keys: string) => withModule(sourceText(`config: configDef(${keys}),`));
const transformationText = (more = '') =>
  `transformation({ className: 'com.example.Upper', version: '1.0.0', summary: 'Upper case.', config: configDef({}), create: () => ({ apply: (record) => record }), ${more} })`;

/** What is written, and what the sentence says: what is wrong, and what to do. */
const MISUSES: readonly [name: string, files: PackageFiles, message: string, hint: string][] = [
  ['no package.json', { 'plugins.js': '' }, "package.json can't be read (ENOENT)", 'Name the folder of an npm package'],
  ['package.json is not JSON', { 'package.json': '{' }, 'package.json is not JSON', 'Mend '],
  ['package.json is a list', { 'package.json': '[]' }, 'package.json holds no object', 'Mend '],
  [
    'nothing about runnel',
    withManifest({ runnel: undefined }),
    'package.json has no "runnel"',
    'Add "runnel": {"plugins"',
  ],
  [
    'runnel is text',
    withManifest({ runnel: './plugins.js' }),
    '"runnel" in package.json is no object',
    'Write {"plugins"',
  ],
  ['no name', withManifest({ name: undefined }), 'package.json has no name', 'Add "name"'],
  ['no version', withManifest({ version: '' }), 'package.json has no version', 'Add "version": "1.0.0"'],
  [
    'a misspelt field',
    withManifest({ runnel: { plugin: './plugins.js', api: 1 } }),
    '"runnel.plugin" in package.json is not known',
    'Known are "plugins" and "api"',
  ],
  ['no api', withManifest({ runnel: { plugins: './plugins.js' } }), '"runnel.api" is missing', 'Add "api": 1'],
  [
    'a newer api',
    withManifest({ runnel: { plugins: './plugins.js', api: 2 } }),
    'written for plugin API 2, and this Runnel has 1',
    'Update Runnel',
  ],
  [
    'api is text',
    withManifest({ runnel: { plugins: './plugins.js', api: '1' } }),
    '"runnel.api" is "1"',
    'Write the number 1',
  ],
  ['no module named', withManifest({ runnel: { api: 1 } }), '"runnel.plugins" is missing', 'Name the module'],
  [
    'a path outside',
    withManifest({ runnel: { plugins: '../other/plugins.js', api: 1 } }),
    'names ../other/plugins.js, outside of the package',
    'Name a file inside',
  ],
  [
    'an absolute path',
    withManifest({ runnel: { plugins: '/etc/passwd.js', api: 1 } }),
    'outside of the package',
    'Name a file inside',
  ],
  [
    'TypeScript',
    withManifest({ runnel: { plugins: './plugins.ts', api: 1 } }),
    'is no JavaScript',
    'compile TypeScript before packing',
  ],
  [
    'a module that is not there',
    { 'package.json': manifestOf() },
    './plugins.js, named by "runnel.plugins", is not there',
    'Build the package',
  ],
  [
    'a syntax error',
    { 'package.json': manifestOf(), 'plugins.js': 'export default [\n  {,}\n];' },
    "it is no JavaScript: Unexpected token ','",
    'node --check ',
  ],
  [
    'a module that throws',
    { 'package.json': manifestOf(), 'plugins.js': "throw new Error('no weather today')" },
    'it fails while it is imported: no weather today',
    'only define its plugins',
  ],
  [
    'a module that throws no error',
    { 'package.json': manifestOf(), 'plugins.js': 'throw null' },
    'it fails while it is imported: null',
    'only define its plugins',
  ],
  [
    'a package that is not installed',
    { 'package.json': manifestOf(), 'plugins.js': "import 'left-pad'; export default [];" },
    "it imports what is not there: Cannot find package 'left-pad'",
    'npm install --omit=dev',
  ],
  [
    'a file that is not there',
    { 'package.json': manifestOf(), 'plugins.js': "import './lib.js'; export default [];" },
    'it imports what is not there',
    'npm install --omit=dev',
  ],
  [
    'a word that the API lacks',
    {
      'package.json': manifestOf(),
      'plugins.js': "import { sauceConnector } from '@runnel-app/runnel/connect'; export default [];",
    },
    'it imports sauceConnector, which @runnel-app/runnel/connect does not have',
    'Check the spelling',
  ],
  [
    'the test kit in a plugin',
    { 'package.json': manifestOf(), 'plugins.js': "import '@runnel-app/runnel/connect/test'; export default [];" },
    'it imports a part of @runnel-app/runnel that is not there for plugins',
    'its test kit is there in tests only',
  ],
  [
    'no default export',
    { 'package.json': manifestOf(), 'plugins.js': 'export const plugins = [];' },
    'it has no default export',
    'Write export default [',
  ],
  [
    'one plugin instead of a list',
    { 'package.json': manifestOf(), 'plugins.js': 'export default {};' },
    'its default export is an object, not an array',
    'Write export default [',
  ],
  [
    'an empty list',
    { 'package.json': manifestOf(), 'plugins.js': 'export default [];' },
    'its default export is an empty array',
    'Write export default [',
  ],
  [
    'a definition that is a function',
    withModule('() => {}'),
    'plugin 1, definition: is a function',
    'List what sourceConnector',
  ],
  [
    'a definition without a kind',
    withModule("{ className: 'com.example.A' }"),
    'com.example.A, kind: is missing',
    'Make definitions by one of sourceConnector',
  ],
  [
    'a definition of another kind',
    withModule("{ kind: 'extension' }"),
    'plugin 1, kind: is "extension"',
    'Make definitions by one of',
  ],
  [
    'no class name',
    withModule(sourceText('className: undefined,')),
    'plugin 1, className: is missing',
    'com.example.WeatherSourceConnector',
  ],
  [
    'a class name that is none',
    withModule(sourceText("className: 'weather source',")),
    'weather source, className: is "weather source"',
    'Write a Java class name',
  ],
  [
    'no version of a plugin',
    withModule(sourceText('version: 1,')),
    'com.example.Source, version: is 1',
    "Write a text, for example '1.0.0'",
  ],
  [
    'no summary',
    withModule(sourceText("summary: ' ',")),
    'com.example.Source, summary: is " "',
    'What it does, in a sentence',
  ],
  [
    'no word of delivery',
    withModule(sourceText('delivery: undefined,')),
    'com.example.Source, delivery: is missing',
    "'at least once'",
  ],
  [
    'a misspelt property',
    withModule(sourceText('taskConfig() {},')),
    'com.example.Source, taskConfig: is not known',
    'Did you mean taskConfigs?',
  ],
  [
    'no task',
    withModule(sourceText('task: undefined,')),
    'com.example.Source, task: is missing',
    'that returns a new task each time',
  ],
  [
    'a task that is no function',
    withModule(sourceText('task: {},')),
    'com.example.Source, task: is an object',
    'that returns a new task each time',
  ],
  [
    'validate is no function',
    withModule(sourceText('validate: true,')),
    'com.example.Source, validate: is true',
    'Write a function, or leave it out',
  ],
  [
    'no create',
    withModule(transformationText('kind: undefined,').replace('create:', 'apply:')),
    'com.example.Upper, apply: is not known',
    'create',
  ],
  [
    'no configuration',
    withModule(sourceText('config: undefined,')),
    'com.example.Source, config: is missing',
    'configDef({}) when there is nothing',
  ],
  [
    'a bare object as configuration',
    withModule(sourceText("config: { topic: { type: 'STRING' } },")),
    'com.example.Source, config: is an object',
    'Write config: configDef({…})',
  ],
  [
    'a type that is none',
    withKeys("{ topic: { type: 'TEXT', importance: 'HIGH', doc: 'x' } }"),
    'com.example.Source, config "topic" type: is "TEXT"',
    'Write one of BOOLEAN, STRING',
  ],
  [
    'no importance',
    withKeys("{ topic: { type: 'STRING', doc: 'x' } }"),
    'config "topic" importance: is missing',
    'Write one of HIGH, MEDIUM, LOW',
  ],
  [
    'no documentation of a key',
    withKeys("{ topic: { type: 'STRING', importance: 'LOW' } }"),
    'config "topic" doc: is missing',
    'Say in a sentence what the key does',
  ],
  [
    'a misspelt attribute',
    withKeys("{ topic: { type: 'STRING', importance: 'LOW', doc: 'x', defualt: 'y' } }"),
    'config "topic" defualt: is not known',
    'Did you mean default?',
  ],
  [
    'a number where int64 is',
    withKeys("{ rows: { type: 'LONG', default: 5, importance: 'LOW', doc: 'x' } }"),
    'config "rows" default: is 5, but LONG takes a bigint',
    '(5n)',
  ],
  [
    'a default beyond INT',
    withKeys("{ rows: { type: 'INT', default: 2 ** 31, importance: 'LOW', doc: 'x' } }"),
    'is 2147483648, but INT takes an integer of 32 bits',
    'Write an integer of 32 bits',
  ],
  [
    'a password as text',
    withKeys("{ token: { type: 'PASSWORD', default: 'secret', importance: 'LOW', doc: 'x' } }"),
    'PASSWORD takes a Password, or null',
    'Write a Password, or null',
  ],
  [
    'a default that its validator refuses',
    withKeys("{ rows: { type: 'INT', default: 0, validator: atLeast(1), importance: 'LOW', doc: 'x' } }"),
    'config "rows" default: is refused by the key\'s own validator',
    'Choose a default that is valid',
  ],
  [
    'a default of undefined',
    withKeys("{ rows: { type: 'INT', default: undefined, importance: 'LOW', doc: 'x' } }"),
    'config "rows" default: is undefined',
    'Leave it out when the key is required',
  ],
  [
    'a function as validator',
    withKeys("{ rows: { type: 'INT', validator: () => true, importance: 'LOW', doc: 'x' } }"),
    'config "rows" validator: has no function ensureValid',
    'Give it ensureValid(…)',
  ],
  [
    'a dependent that is no key',
    withKeys("{ rows: { type: 'INT', dependents: ['cols'], importance: 'LOW', doc: 'x' } }"),
    'config "rows" dependents: names "cols", which is no key',
    'Name a key of the same configuration',
  ],
  [
    'a key of the framework',
    withKeys("{ 'tasks.max': { type: 'INT', importance: 'LOW', doc: 'x' } }"),
    'config "tasks.max": is a key of the framework',
    'Choose another name',
  ],
  [
    "a key under the framework's prefix",
    withKeys("{ 'transforms.mine': { type: 'INT', importance: 'LOW', doc: 'x' } }"),
    'config "transforms.mine": is a key of the framework',
    'Choose another name',
  ],
  [
    "a transformation's reserved key",
    withModule(
      transformationText("config: configDef({ predicate: { type: 'STRING', importance: 'LOW', doc: 'x' } }),"),
    ),
    'config "predicate": is a key of the framework',
    'Choose another name',
  ],
  [
    'a key with a space',
    withKeys("{ 'my key': { type: 'INT', importance: 'LOW', doc: 'x' } }"),
    'config "my key": is no name for a key',
    'lower case with dots',
  ],
  [
    '__proto__ as a key',
    withKeys("{ ['__proto__']: { type: 'INT', importance: 'LOW', doc: 'x' } }"),
    'config "__proto__": is a key of the framework',
    'Choose another name',
  ],
  [
    'no examples',
    withModule(sourceText('examples: undefined,')),
    'com.example.Source, examples: is missing',
    'or [] for none',
  ],
  [
    'an example without a title',
    withModule(sourceText('examples: [{ config: {} }],')),
    'example 1: has no title and config',
    'Write { title',
  ],
  [
    'a number in an example',
    withModule(
      sourceText(
        "examples: [{ title: 'x', config: { 'connector.class': 'com.example.Source', topic: 't', 'tasks.max': 1 } }],",
      ),
    ),
    'example 1, tasks.max: is 1',
    'put it in quotes',
  ],
  [
    'an example of another class',
    withModule(sourceText("examples: [{ title: 'x', config: { 'connector.class': 'Sauce', topic: 't' } }],")),
    'example 1, connector.class: is Sauce',
    'Write com.example.Source',
  ],
  [
    'an incomplete example',
    withModule(sourceText("examples: [{ title: 'x', config: { 'connector.class': 'com.example.Source' } }],")),
    'example 1, topic: is refused: Missing required configuration "topic"',
    'Make the example complete',
  ],
  [
    'a misspelt key in an example',
    withModule(
      sourceText("examples: [{ title: 'x', config: { 'connector.class': 'Source', topic: 't', topik: 't' } }],"),
    ),
    'example 1, topik: is a key that the connector does not have',
    'Take it out',
  ],
  [
    'the same class twice',
    withModule(sourceText(), sourceText()),
    'com.example.Source, className: stands twice in the list',
    'a class name of its own',
  ],
  [
    "a built-in's class name",
    withModule(
      `converter({ className: 'org.apache.kafka.connect.json.JsonConverter', version: '1.0.0', summary: 'x', config: configDef({}), create: () => ({}) })`,
    ),
    'className: is the class name of a plugin that comes with Runnel',
    'a name in a package of your own',
  ],
];

describe('a package that is misused is refused by a sentence that names the thing and the cure', () => {
  let results: LoadResult[];
  beforeAll(async () => {
    results = await loadPackages(MISUSES.map(([, files], i) => writePackage(join(root, `misuse-${i}`), files)));
  });

  test.each(MISUSES.map(([name, , message, hint], i) => ({ name, i, message, hint })))(
    '$name',
    ({ i, message, hint }) => {
      const { code, key, ...result } = results[i] as LoadResult;
      expect({ code, key }).toEqual({ code: 'INVALID_PLUGIN', key: join(root, `misuse-${i}`) });
      expect(result.message).toContain(message);
      expect(result.message).toMatch(/^Plugin package /);
      expect(result.hint).toContain(hint);
    },
  );
});

test('a module that is a folder, or a link out of the package, is refused as well', async () => {
  const outside = writePackage(join(root, 'outside'), { 'plugins.js': moduleText(sourceText()) });
  const linked = writePackage(join(root, 'linked'), { 'package.json': manifestOf() });
  symlinkSync(join(outside, 'plugins.js'), join(linked, 'plugins.js'));
  const folder = writePackage(join(root, 'folder'), { 'package.json': manifestOf() });
  mkdirSync(join(folder, 'plugins.js'));
  const [first, second] = await loadPackages([linked, folder]);
  expect(first?.message).toContain(`./plugins.js is a link to ${join(outside, 'plugins.js')}, outside of the package`);
  expect(second?.message).toContain('"runnel.plugins" names ./plugins.js, which is no file');
});

test('several mistakes are told at once, each with its cure', async () => {
  const [result] = await loadPackages([
    writePackage(join(root, 'several'), withModule(sourceText('version: 1, summary: 2,'), '7')),
  ]);
  expect(result?.message).toBe(
    `Plugin package weather 1.2.3 (${join(root, 'several/plugins.js')}): 3 mistakes\n` +
      "- com.example.Source, version: is 1. Write a text, for example '1.0.0'.\n" +
      "- com.example.Source, summary: is 2. Write a text, for example 'What it does, in a sentence.'.\n" +
      '- plugin 2, definition: is 7. List what sourceConnector, sinkConnector and the other factories return.',
  );
});

test('a package is loaded as an ES module or as CommonJS, with the very classes of the worker', async () => {
  const modern = writePackage(join(root, 'modern'), withModule(sourceText(), transformationText()));
  const classic = writePackage(join(root, 'classic'), {
    'package.json': manifestOf({ type: 'commonjs' }),
    'plugins.js': `const { sourceConnector, configDef, Password } = require('@runnel-app/runnel/connect');
// The check of a default asks whether it is a Password: one of another copy of the class would be refused.
module.exports = [${sourceText("config: configDef({ token: { type: 'PASSWORD', default: new Password('x'), importance: 'LOW', doc: 'x' } }),")}];`,
  });
  expect(await loadPackages([modern, classic])).toEqual([
    { name: 'weather', version: '1.2.3', classes: ['source com.example.Source', 'transformation com.example.Upper'] },
    { name: 'weather', version: '1.2.3', classes: ['source com.example.Source'] },
  ]);
});

test('on a Node that has no registerHooks an ES module is loaded as well, and CommonJS is told what to do', async () => {
  const old = `import module from 'node:module';
delete module.registerHooks;
module.syncBuiltinESMExports();`;
  const [modern, classic] = await loadPackages(
    [
      writePackage(join(root, 'old-modern'), withModule(sourceText())),
      writePackage(join(root, 'old-classic'), {
        'package.json': manifestOf({ type: 'commonjs' }),
        'plugins.js': "module.exports = [require('@runnel-app/runnel/connect')];",
      }),
    ],
    ['--import', `data:text/javascript,${encodeURIComponent(old)}`],
  );
  expect(modern?.classes).toEqual(['source com.example.Source']);
  expect(classic?.message).toContain('it imports a part of @runnel-app/runnel that is not there for plugins');
  expect(classic?.hint).toContain('an ES module by import');
});
