import { BadRequestException } from '../../../common/errors.ts';
import type { ReceivedConfig } from './connector-validation.ts';

/** A configuration under the name that the request gives it; BadRequestException for a name that it can't have. */
export function withName(name: string, config: ReceivedConfig): ReceivedConfig {
  const own = Object.hasOwn(config, 'name') ? config.name : undefined;
  if (own != null && own !== name)
    throw new BadRequestException(
      `Connector name configuration (${own}) doesn't match connector name in the URL (${name})`,
    );
  if (name === '.' || name === '..')
    throw new BadRequestException(`A connector can't be named ${name}: no address could lead to it`, { key: 'name' });
  if (/^[\0- ]|[\0- ]$/.test(name))
    throw new BadRequestException("A connector's name can't begin or end with white space", { key: 'name' });
  return { ...config, name };
}
