import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import { ConfigException } from '../../../common/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { styleFor } from '../output/style.ts';
import { aligned, type Cell } from '../output/table.ts';
import type { Config } from './config-diff.ts';
import { type ConnectClient, segment } from './connect-client.ts';

/** What the worker finds in a configuration; nothing is created. */
export function validateConfig(client: ConnectClient, config: Config): Promise<ConfigInfos> {
  const plugin = config.get('connector.class');
  if (plugin === undefined)
    throw new ConfigException('connector.class is missing', {
      key: 'connector.class',
      hint: 'runnel connect plugins lists the classes that the worker has.',
    });
  return client.put<ConfigInfos>(`/connector-plugins/${segment(plugin)}/config/validate`, Object.fromEntries(config));
}

/** The errors at their keys, each once (Connect repeats some), with the values that would be right. */
export function errorRows({ configs }: ConfigInfos): Cell[][] {
  return configs.flatMap(({ value }) => {
    const errors = [...new Set(value.errors)];
    return errors.map((error, i): Cell[] => {
      const allowed = i === errors.length - 1 ? value.recommended_values : [];
      const recommended = allowed.length === 0 ? '' : ` (recommended: ${allowed.join(', ')})`;
      return [{ text: `  ${value.name}`, style: 'red' }, `${error}${recommended}`];
    });
  });
}

/** Says what is wrong, if anything; true when nothing is. */
export async function reportErrors(name: string, infos: ConfigInfos, context: CommandContext): Promise<boolean> {
  if (infos.error_count === 0) return true;
  const lines = aligned(errorRows(infos), styleFor(false, context.env));
  context.tell([`${name} is invalid:`, ...lines].join('\n'));
  context.setExitCode(EXIT.failed);
  return false;
}
