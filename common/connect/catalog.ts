import type { ConfigKeyInfo, PluginInfo } from './config-infos.ts';

/** What is known of a plugin without any of its code: data that crosses processes. */
export interface PluginDescription {
  kind: PluginInfo['type'];
  className: string;
  version: string;
  summary: string;
  /** Its own keys, without those of the framework. */
  config: readonly ConfigKeyInfo[];
  /** Of connectors; else empty. */
  delivery: string;
  examples: readonly { title: string; config: Readonly<Record<string, string>> }[];
  /** Where a catalog lists it (`Files`); null: nowhere in particular. */
  category: string | null;
  /** It needs nothing but Kafka and this machine. */
  worksOffline: boolean;
  /** Kafka Connect has a class of this name: a configuration without `runnel.*` keys runs there as it is. */
  runsOnKafkaConnect: boolean;
}

export interface CatalogPlugin extends PluginDescription {
  /** The folder of its package; null: it comes with Runnel. */
  folder: string | null;
}

/** A package on `plugin.path` of which nothing is used. */
export interface RefusedPackage {
  folder: string;
  reason: string;
  hint: string | null;
}

/** Every plugin that a configuration can name, in the order of `GET /connector-plugins`, and what could not be used. */
export interface Catalog {
  plugins: readonly CatalogPlugin[];
  refused: readonly RefusedPackage[];
}
