import type { ConfigDef } from '../api/config-def.ts';
import { validateConfig } from '../api/config-validation.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';
import { aliasesOf } from './aliases.ts';
import { checkConfigDef } from './check-config-def.ts';
import { isRecord, type Mistake, Mistakes, shown } from './plugin-mistakes.ts';
import { isReserved } from './reserved-keys.ts';

/** What a package's default export lists. */
export type Definition = Connector | Plugin;
type Kind = Definition['kind'];

const FACTORIES: Readonly<Record<Kind, string>> = {
  source: 'sourceConnector',
  sink: 'sinkConnector',
  converter: 'converter',
  header_converter: 'headerConverter',
  transformation: 'transformation',
  predicate: 'predicate',
};
const COMMON = ['kind', 'className', 'version', 'summary', 'config'];
const FLAGS = ['worksOffline', 'runsOnKafkaConnect'];
const CONNECTOR = [
  ...[...COMMON, ...FLAGS],
  ...['category', 'delivery', 'examples', 'task', 'validate', 'start', 'stop', 'taskConfigs'],
];
const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  source: [...CONNECTOR, 'alterOffsets', 'offsetOfJava'],
  sink: CONNECTOR,
  converter: [...COMMON, 'create'],
  header_converter: [...COMMON, 'create'],
  transformation: [...COMMON, 'create'],
  predicate: [...COMMON, 'create'],
};
/** A Java class name: what stands in configurations, addresses and logs. */
const CLASS_NAME = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;

/** Everything that is wrong with a definition; nothing of the plugin runs but the validators of its defaults and examples. */
export function checkDefinition(definition: unknown, place = 'plugin 1'): Mistake[] {
  const name = (definition as { className?: unknown } | null)?.className;
  const mistakes = new Mistakes(typeof name === 'string' && name !== '' ? name : place);
  if (!isRecord(definition)) {
    mistakes.add(
      'definition',
      `is ${shown(definition)}`,
      'List what sourceConnector, sinkConnector and the other factories return.',
    );
    return mistakes.found;
  }
  const kind = definition.kind as Kind;
  if (typeof kind !== 'string' || !Object.hasOwn(FACTORIES, kind)) {
    mistakes.add(
      'kind',
      kind === undefined ? 'is missing' : `is ${shown(kind)}`,
      `Make definitions by one of ${Object.values(FACTORIES).join(', ')}.`,
    );
    return mistakes.found;
  }
  mistakes.unknownFields('', definition, FIELDS[kind]);
  checkWords(definition, kind, mistakes);
  if (isConnector(kind)) checkCatalogWords(definition, mistakes);
  checkFunctions(definition, kind, mistakes);
  const before = mistakes.found.length;
  checkConfigDef(definition.config, (key) => isReserved(kind, key), mistakes);
  // What an example says can be judged only by keys that are in order.
  if (isConnector(kind)) checkExamples(definition, mistakes.found.length === before, mistakes);
  return mistakes.found;
}

/** What is wrong with all of a package's definitions together, each of them included. */
export function checkDefinitions(definitions: readonly unknown[], builtIn: ReadonlySet<string>): Mistake[] {
  const found: Mistake[] = [];
  const seen = new Set<string>();
  for (const [i, definition] of definitions.entries()) {
    const mistakes = checkDefinition(definition, `plugin ${i + 1}`);
    found.push(...mistakes);
    const { className, kind } = (isRecord(definition) ? definition : {}) as Partial<Definition>;
    if (className === undefined || kind === undefined) continue;
    const own = new Mistakes(className);
    if (seen.has(`${kind} ${className}`))
      own.add(
        'className',
        `stands twice in the list, as ${kind} both times`,
        'Give each plugin a class name of its own.',
      );
    seen.add(`${kind} ${className}`);
    if (builtIn.has(className))
      own.add(
        'className',
        'is the class name of a plugin that comes with Runnel',
        'Choose a name in a package of your own.',
      );
    found.push(...own.found);
  }
  return found;
}

function checkWords(definition: Record<string, unknown>, kind: Kind, mistakes: Mistakes): void {
  const { className } = definition;
  if (typeof className !== 'string' || !CLASS_NAME.test(className))
    mistakes.add(
      'className',
      className === undefined ? 'is missing' : `is ${shown(className)}`,
      'Write a Java class name, for example com.example.WeatherSourceConnector.',
    );
  const words = { version: '1.0.0', summary: 'What it does, in a sentence.' };
  const delivery = { delivery: 'at least once' };
  for (const [field, example] of Object.entries(isConnector(kind) ? { ...words, ...delivery } : words)) {
    const value = definition[field];
    if (typeof value === 'string' && value.trim() !== '') continue;
    mistakes.add(
      field,
      value === undefined ? 'is missing' : `is ${shown(value)}`,
      `Write a text, for example '${example}'.`,
    );
  }
}

/** What only a catalog shows; all of it may be left out. */
function checkCatalogWords(definition: Record<string, unknown>, mistakes: Mistakes): void {
  const { category } = definition;
  if (category !== undefined && (typeof category !== 'string' || category.trim() === ''))
    mistakes.add('category', `is ${shown(category)}`, "Write a text, for example 'Files', or leave it out.");
  for (const flag of FLAGS)
    if (definition[flag] !== undefined && typeof definition[flag] !== 'boolean')
      mistakes.add(flag, `is ${shown(definition[flag])}`, 'Write true or false, or leave it out.');
}

function checkFunctions(definition: Record<string, unknown>, kind: Kind, mistakes: Mistakes): void {
  const required = isConnector(kind) ? 'task' : 'create';
  if (typeof definition[required] !== 'function')
    mistakes.add(
      required,
      definition[required] === undefined ? 'is missing' : `is ${shown(definition[required])}`,
      isConnector(kind)
        ? 'Write task() {…} that returns a new task each time.'
        : 'Write create(config) {…} that returns it.',
    );
  for (const field of ['validate', 'start', 'stop', 'taskConfigs', 'alterOffsets', 'offsetOfJava'])
    if (definition[field] !== undefined && typeof definition[field] !== 'function')
      mistakes.add(field, `is ${shown(definition[field])}`, 'Write a function, or leave it out.');
}

function checkExamples(definition: Record<string, unknown>, keysAreRight: boolean, mistakes: Mistakes): void {
  const { examples } = definition;
  if (!Array.isArray(examples)) {
    mistakes.add(
      'examples',
      examples === undefined ? 'is missing' : `is ${shown(examples)}`,
      "Write [{ title: '…', config: { 'connector.class': '…', … } }], or [] for none.",
    );
    return;
  }
  for (const [i, example] of examples.entries()) {
    const field = `example ${i + 1}`;
    const config = isRecord(example) ? example.config : undefined;
    if (!isRecord(example) || typeof example.title !== 'string' || !isRecord(config)) {
      mistakes.add(field, 'has no title and config', "Write { title: '…', config: { 'connector.class': '…', … } }.");
      continue;
    }
    const texts = Object.entries(config).filter(([, value]) => typeof value !== 'string');
    for (const [key, value] of texts)
      mistakes.add(`${field}, ${key}`, `is ${shown(value)}`, 'Values of a configuration are texts: put it in quotes.');
    if (texts.length === 0 && keysAreRight)
      checkExample(field, config as ConfigMap, definition as unknown as Connector, mistakes);
  }
}

function checkExample(field: string, config: ConfigMap, connector: Connector, mistakes: Mistakes): void {
  const { className, kind } = connector;
  const named = config['connector.class'];
  if (named === undefined || ![className, ...aliasesOf('connector', className)].includes(named))
    mistakes.add(
      `${field}, connector.class`,
      named === undefined ? 'is missing' : `is ${named}`,
      `Write ${className}.`,
    );
  const { keys } = connector.config as ConfigDef;
  for (const key of Object.keys(config))
    if (!Object.hasOwn(keys, key) && !isReserved(kind, key))
      mistakes.add(
        `${field}, ${key}`,
        'is a key that the connector does not have',
        'Take it out, or define it in config.',
      );
  try {
    for (const { name, errors } of validateConfig(connector.config, config))
      for (const error of errors)
        mistakes.add(`${field}, ${name}`, `is refused: ${error}`, 'Make the example complete and right.');
  } catch (error) {
    mistakes.add(
      field,
      `can't be checked: ${String(error)}`,
      'Validators and recommenders throw ConfigException and nothing else.',
    );
  }
}

function isConnector(kind: Kind): boolean {
  return kind === 'source' || kind === 'sink';
}
