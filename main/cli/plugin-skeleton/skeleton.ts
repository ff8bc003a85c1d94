import { converterParts } from './converter.ts';
import { predicateParts } from './predicate.ts';
import { sinkParts } from './sink.ts';
import { sourceParts } from './source.ts';
import { transformationParts } from './transformation.ts';

export const PLUGIN_TYPES = ['source', 'sink', 'transformation', 'converter', 'predicate'] as const;
export type PluginType = (typeof PLUGIN_TYPES)[number];

/** What the plugin is called where it stands. */
export interface SkeletonNames {
  /** `com.example.WeatherSourceConnector` */
  className: string;
  /** The alias: `WeatherSource`. */
  alias: string;
  /** Of the variable: `weatherSource`. */
  variable: string;
}

/** What differs from one type to another. */
export interface SkeletonParts {
  /** `plugins.js` and `plugins.test.js`, whole. */
  plugins: string;
  test: string;
  /** Lines of connector.properties that use it. */
  properties: string;
}

const PARTS: Readonly<Record<PluginType, (names: SkeletonNames) => SkeletonParts>> = {
  source: sourceParts,
  sink: sinkParts,
  transformation: transformationParts,
  converter: converterParts,
  predicate: predicateParts,
};
/** The end of the class name; an alias leaves the last word of it out where Kafka does. */
const SUFFIX: Readonly<Record<PluginType, [className: string, alias: string]>> = {
  source: ['SourceConnector', 'Source'],
  sink: ['SinkConnector', 'Sink'],
  transformation: ['', ''],
  converter: ['Converter', ''],
  predicate: ['', ''],
};

export interface SkeletonOptions {
  /** Of the npm package: `my-weather`, `@me/weather`. */
  name: string;
  type: PluginType;
  /** Of the class name: `com.example`. */
  group: string;
  /** How package.json names Runnel: `^0.1.0`, or `file:…` for one that is in no registry. */
  runnel: string;
}

/** The files of a plugin package that works as it stands, by name. */
export function pluginSkeleton({ name, type, group, runnel }: SkeletonOptions): Map<string, string> {
  const word = camelCase(name);
  const [suffix, aliasSuffix] = SUFFIX[type];
  const own = word.replace(new RegExp(`(${type}|connector)$`, 'i'), '') || word;
  const names: SkeletonNames = {
    className: `${group}.${own}${suffix}`,
    alias: `${own}${aliasSuffix}`,
    variable: `${own[0]?.toLowerCase()}${own.slice(1)}${aliasSuffix}`,
  };
  const { plugins, test, properties } = PARTS[type](names);
  const manifest = {
    name,
    version: '0.1.0',
    description: `A ${type} for Kafka Connect in Runnel`,
    type: 'module',
    runnel: { plugins: './plugins.js', api: 1 },
    files: ['plugins.js'],
    scripts: { test: 'node --test' },
    engines: { node: '>=22.14' },
    devDependencies: { '@runnel-app/runnel': runnel },
  };
  return new Map([
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['plugins.js', plugins],
    ['plugins.test.js', test],
    ['README.md', readme(name, type, names, properties)],
  ]);
}

/** `@me/my-weather` is `MyWeather`. */
function camelCase(name: string): string {
  return name
    .replace(/^@[^/]*\//, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`)
    .join('')
    .replace(/^(?=\d)/, 'P');
}

function readme(name: string, type: PluginType, { className, alias }: SkeletonNames, properties: string): string {
  return `# ${name}

A ${type} for Kafka Connect in Runnel: \`${className}\`, for short \`${alias}\`.

    npm install      # Runnel, for its types and its test kit
    npm test         # plugins.test.js, without a broker

## Use it

    npm pack
    mkdir -p ~/runnel-plugins
    npm install --prefix ~/runnel-plugins ./${name.replace(/^@/, '').replace('/', '-')}-0.1.0.tgz

Then the worker is told of the folder, and lists the plugin (\`runnel connect-plugin-path list\` says why when it does not):

    # worker.properties
    plugin.path=/home/me/runnel-plugins

    # connector.properties
${properties
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}

Plugins are trusted code: they run in a process of their own, with everything that you may do.
`;
}
