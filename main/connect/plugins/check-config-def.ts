import type { ConfigType, Importance, Validator, Width } from '../api/config-def.ts';
import { Password } from '../api/password.ts';
import { isRecord, type Mistakes, shown } from './plugin-mistakes.ts';

/** What a default of each type has to be, and how that is written. */
const TYPES: Readonly<Record<ConfigType, { fits: (value: unknown) => boolean; takes: string }>> = {
  BOOLEAN: { fits: (value) => typeof value === 'boolean', takes: 'true or false' },
  STRING: { fits: (value) => typeof value === 'string', takes: 'text' },
  CLASS: { fits: (value) => typeof value === 'string', takes: 'a class name' },
  INT: {
    fits: (value) => Number.isInteger(value) && (value as number) === ((value as number) | 0),
    takes: 'an integer of 32 bits',
  },
  SHORT: {
    fits: (value) => Number.isInteger(value) && Math.abs((value as number) + 0.5) < 32_768,
    takes: 'an integer of 16 bits',
  },
  LONG: {
    fits: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
    takes: 'a bigint of 64 bits (5n)',
  },
  DOUBLE: { fits: (value) => typeof value === 'number', takes: 'a number' },
  LIST: {
    fits: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    takes: 'an array of texts',
  },
  PASSWORD: { fits: (value) => value instanceof Password, takes: 'a Password, or null' },
};
const IMPORTANCES: readonly Importance[] = ['HIGH', 'MEDIUM', 'LOW'];
const WIDTHS: readonly Width[] = ['NONE', 'SHORT', 'MEDIUM', 'LONG'];
const ATTRIBUTES = [
  'type',
  'default',
  'validator',
  'importance',
  'doc',
  'group',
  'order',
  'width',
  'displayName',
  'dependents',
  'recommender',
  'internal',
];

/** What is wrong with the keys of a configuration; `reserved` are keys that the framework has. */
export function checkConfigDef(config: unknown, reserved: (key: string) => boolean, mistakes: Mistakes): void {
  const keys = isRecord(config) ? config.keys : undefined;
  if (!isRecord(keys)) {
    const what = config === undefined ? 'is missing' : `is ${shown(config)}`;
    mistakes.add('config', what, 'Write config: configDef({…}); configDef({}) when there is nothing to configure.');
    return;
  }
  for (const [name, key] of Object.entries(keys)) {
    if (name === '' || /[\s=:#!]/.test(name))
      mistakes.add(`config "${name}"`, 'is no name for a key', 'Use words in lower case with dots: poll.interval.ms.');
    else if (reserved(name))
      mistakes.add(`config "${name}"`, 'is a key of the framework', 'Choose another name, with a prefix of your own.');
    if (isRecord(key)) checkKey(`config "${name}"`, key, Object.keys(keys), mistakes);
    else
      mistakes.add(`config "${name}"`, `is ${shown(key)}`, 'Write { type, importance, doc } and what else it needs.');
  }
}

function checkKey(field: string, key: Record<string, unknown>, names: readonly string[], mistakes: Mistakes): void {
  mistakes.unknownFields(`${field} `, key, ATTRIBUTES);
  oneOf(`${field} type`, key.type, Object.keys(TYPES), mistakes);
  oneOf(`${field} importance`, key.importance, IMPORTANCES, mistakes);
  if (key.width !== undefined) oneOf(`${field} width`, key.width, WIDTHS, mistakes);
  if (typeof key.doc !== 'string' || key.doc.trim() === '')
    mistakes.add(
      `${field} doc`,
      key.doc === undefined ? 'is missing' : `is ${shown(key.doc)}`,
      'Say in a sentence what the key does.',
    );
  for (const attribute of ['group', 'displayName'] as const)
    if (key[attribute] !== undefined && typeof key[attribute] !== 'string')
      mistakes.add(`${field} ${attribute}`, `is ${shown(key[attribute])}`, 'Write a text, or leave it out.');
  if (key.order !== undefined && !Number.isInteger(key.order))
    mistakes.add(`${field} order`, `is ${shown(key.order)}`, 'Write an integer, or leave it out.');
  checkDependents(field, key.dependents, names, mistakes);
  if (key.recommender !== undefined)
    checkFunctions(`${field} recommender`, key.recommender, ['validValues', 'visible'], mistakes);
  if (key.validator !== undefined) checkFunctions(`${field} validator`, key.validator, ['ensureValid'], mistakes);
  checkDefault(field, key, mistakes);
}

function checkDefault(field: string, key: Record<string, unknown>, mistakes: Mistakes): void {
  const value = key.default;
  if (!('default' in key)) return;
  if (value === undefined) {
    mistakes.add(
      `${field} default`,
      'is undefined',
      'Leave it out when the key is required; write null when it is optional.',
    );
    return;
  }
  const type = Object.hasOwn(TYPES, String(key.type)) ? TYPES[key.type as ConfigType] : undefined;
  if (type !== undefined && value !== null && !type.fits(value)) {
    mistakes.add(`${field} default`, `is ${shown(value)}, but ${key.type} takes ${type.takes}`, `Write ${type.takes}.`);
    return;
  }
  const validator = key.validator as Partial<Validator> | undefined;
  // An optional key without a value: Connect asks the validator for it too, and so does the worker.
  if (typeof validator?.ensureValid !== 'function') return;
  try {
    validator.ensureValid(field, value);
  } catch (error) {
    mistakes.add(
      `${field} default`,
      `is refused by the key's own validator (${error instanceof Error ? error.message : String(error)})`,
      'Choose a default that is valid, or a validator that lets it pass.',
    );
  }
}

function checkDependents(field: string, dependents: unknown, names: readonly string[], mistakes: Mistakes): void {
  if (dependents === undefined) return;
  if (!Array.isArray(dependents)) {
    mistakes.add(`${field} dependents`, `is ${shown(dependents)}`, 'Write an array of names of keys.');
    return;
  }
  for (const name of dependents)
    if (!names.includes(name))
      mistakes.add(
        `${field} dependents`,
        `names ${shown(name)}, which is no key`,
        'Name a key of the same configuration.',
      );
}

function checkFunctions(field: string, value: unknown, functions: readonly string[], mistakes: Mistakes): void {
  for (const name of functions)
    if (typeof (value as Record<string, unknown> | null)?.[name] !== 'function')
      mistakes.add(field, `has no function ${name}`, `Give it ${functions.map((it) => `${it}(…)`).join(' and ')}.`);
}

function oneOf(field: string, value: unknown, valid: readonly string[], mistakes: Mistakes): void {
  if (valid.includes(value as string)) return;
  mistakes.add(field, value === undefined ? 'is missing' : `is ${shown(value)}`, `Write one of ${valid.join(', ')}.`);
}
