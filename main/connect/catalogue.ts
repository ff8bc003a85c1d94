import { CONNECTORS } from '../connectors/index.ts';
import { converters, headerConverters } from './converters/index.ts';
import type { PluginCatalogue } from './plugins/plugins.ts';
import { predicates } from './predicates/index.ts';
import { transformations } from './transforms/index.ts';

/** Everything that comes with Runnel and can be named in a configuration. */
export const CATALOGUE: PluginCatalogue = {
  connectors: CONNECTORS,
  plugins: [...converters, ...headerConverters, ...transformations, ...predicates],
};
