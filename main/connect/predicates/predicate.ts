import type { ConfigDef, ConfigKeys, ParsedConfig } from '../api/config-def.ts';
import { type Predicate, type PredicatePlugin, predicate as withVersion } from '../api/plugins.ts';
import { KAFKA_VERSION } from '../api/versions.ts';

/** A predicate of Apache Kafka. */
export function predicate<K extends ConfigKeys>(definition: {
  className: string;
  summary: string;
  config: ConfigDef<K>;
  create(config: ParsedConfig<K>): Predicate;
}): PredicatePlugin {
  return withVersion({ version: KAFKA_VERSION, ...definition });
}
