import { ConfigException } from '../../../common/errors.ts';
import type { ConfigKeys, ParsedConfig } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';
import { checkDefinition } from '../plugins/check-definition.ts';
import { Mistakes, mistakeText, shown } from '../plugins/plugin-mistakes.ts';
import { ContractViolation } from './contract-violation.ts';

const METHODS = {
  source: ['start', 'poll', 'stop'],
  sink: ['start', 'put', 'stop'],
  converter: ['fromConnectData', 'toConnectData'],
  header_converter: ['fromConnectHeader', 'toConnectHeader'],
  transformation: ['apply'],
  predicate: ['test'],
} as const;

/**
 * Checks a definition as the worker does when it loads the package, and beyond that what can be seen by using it: that
 * tasks and objects are made anew each time and have their methods, and that the connector divides its work. Rejects
 * with a ContractViolation that lists every mistake and its cure. `config` is a configuration to use; without it a
 * connector's examples are used, and for others their defaults.
 */
export async function checkPlugin(definition: Connector | Plugin, config?: ConfigMap): Promise<void> {
  const found = checkDefinition(definition);
  if (found.length === 0) {
    const mistakes = new Mistakes(definition.className);
    if (definition.kind === 'source' || definition.kind === 'sink') await tryConnector(definition, config, mistakes);
    else tryPlugin(definition, config ?? {}, mistakes);
    found.push(...mistakes.found);
  }
  if (found.length === 0) return;
  const lines = found.map((mistake) => `${mistakeText(mistake)}. ${mistake.cure}`);
  throw new ContractViolation(lines.join('\n'));
}

async function tryConnector(connector: Connector, config: ConfigMap | undefined, mistakes: Mistakes): Promise<void> {
  const [task, other] = [connector.task(), connector.task()];
  if ((task as unknown) === other)
    mistakes.add('task', 'returned the same task twice', 'Make a new one each time: several connectors may run.');
  checkMethods('task', task, METHODS[connector.kind], mistakes);
  const configs = config === undefined ? connector.examples.map((example) => example.config) : [config];
  for (const each of configs) {
    const parsed = parseConfig(connector.config, each);
    await checkValidate(connector, parsed, mistakes);
    for (const maxTasks of [1, 3]) checkTaskConfigs(connector, parsed, each, maxTasks, mistakes);
  }
}

async function checkValidate(
  connector: Connector,
  parsed: ParsedConfig<ConfigKeys>,
  mistakes: Mistakes,
): Promise<void> {
  const messages: unknown = await connector.validate?.(parsed);
  if (messages === undefined) return;
  const wellFormed =
    Array.isArray(messages) &&
    messages.every((it) => Object.hasOwn(connector.config.keys, it?.key) && typeof it?.message === 'string');
  if (!wellFormed)
    mistakes.add(
      'validate',
      `returned ${shown(messages)}`,
      'Return a list of { key, message }, each with a key of config.',
    );
}

function checkTaskConfigs(
  connector: Connector,
  parsed: ParsedConfig<ConfigKeys>,
  config: ConfigMap,
  maxTasks: number,
  mistakes: Mistakes,
): void {
  const configs: unknown = connector.taskConfigs?.(parsed, config, maxTasks);
  if (configs === undefined) return;
  if (!Array.isArray(configs) || !configs.every(isConfigMap))
    mistakes.add('taskConfigs', `returned ${shown(configs)}`, 'Return a list of configurations: names and texts.');
  else if (configs.length > maxTasks)
    mistakes.add('taskConfigs', `returned ${configs.length} for at most ${maxTasks}`, 'Return at most maxTasks.');
  else for (const each of configs) parseConfig(connector.config, each);
}

function isConfigMap(value: unknown): value is ConfigMap {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

function tryPlugin(plugin: Plugin, config: ConfigMap, mistakes: Mistakes): void {
  const needed = Object.entries(plugin.config.keys).filter(
    ([name, key]) => key.default === undefined && name !== 'converter.type' && !Object.hasOwn(config, name),
  );
  if (needed.length > 0) {
    const names = needed.map(([name]) => name).join(', ');
    mistakes.add('config', `needs ${names}`, 'Give checkPlugin a configuration to use as its second argument.');
    return;
  }
  const all = 'converter.type' in plugin.config.keys ? { 'converter.type': 'value', ...config } : config;
  try {
    const made = plugin.kind === 'converter' ? plugin.create(all, false) : plugin.create(all);
    checkMethods('create', made, METHODS[plugin.kind], mistakes);
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    mistakes.add(
      'config',
      `is refused: ${error.message}`,
      'Give checkPlugin a configuration to use as its second argument.',
    );
  }
}

function checkMethods(field: string, made: unknown, methods: readonly string[], mistakes: Mistakes): void {
  for (const method of methods)
    if (typeof (made as Record<string, unknown> | null)?.[method] !== 'function')
      mistakes.add(
        field,
        `returned ${shown(made)} without ${method}()`,
        `Return an object with ${methods.join(', ')}.`,
      );
}
