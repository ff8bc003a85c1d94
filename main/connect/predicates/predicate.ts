import type { ConfigDef, ConfigKeys, ParsedConfig } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { Predicate, PredicatePlugin } from '../api/plugins.ts';
import { KAFKA_VERSION } from '../api/versions.ts';

/** A predicate that gets its configuration parsed. */
export function predicate<K extends ConfigKeys>(definition: {
  className: string;
  summary: string;
  config: ConfigDef<K>;
  create(config: ParsedConfig<K>): Predicate;
}): PredicatePlugin {
  const { className, summary, config } = definition;
  return {
    kind: 'predicate',
    className,
    version: KAFKA_VERSION,
    summary,
    config: config as unknown as ConfigDef,
    create: (raw) => definition.create(parseConfig(config, raw)),
  };
}
