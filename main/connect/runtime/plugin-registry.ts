import type { PluginDescription, RefusedPackage } from '../../../common/connect/catalog.ts';
import { KafkaException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { Definition } from '../plugins/check-definition.ts';
import { describedPlugin } from '../plugins/plugin-description.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type { ReceivedConfig } from './connector-validation.ts';
import { aliasesIn, CONVERTERS } from './plugin-config.ts';

/** At so many packages is looked at a time: each has a process for it. */
const AT_ONCE = 2;

export interface PluginRegistryOptions {
  plugins: Plugins;
  /** Where the packages are, in their order. */
  folders: readonly string[];
  /** Packages of which it is known already that they can't be used. */
  refused: readonly RefusedPackage[];
  /** The worker's settings: its converters are everybody's default. */
  worker: ConfigMap;
  /** What a package holds; runs its code, elsewhere. */
  describe: (folder: string, signal: AbortSignal) => Promise<readonly PluginDescription[]>;
  logger: Logger;
}

/**
 * Which packages there are on `plugin.path`, what they hold, and which of them a configuration needs. They are looked
 * at while the worker serves already; one that can't be used is told in the log and in `refused`, and is not there.
 */
export class PluginRegistry {
  readonly #options: PluginRegistryOptions;
  readonly #folders = new Map<Definition, string>();
  readonly #descriptions = new Map<string, readonly PluginDescription[]>();
  readonly #refused: RefusedPackage[];
  readonly #closing = new AbortController();
  readonly #settled: Promise<void>;

  constructor(options: PluginRegistryOptions) {
    this.#options = options;
    this.#refused = [...options.refused];
    const waiting = [...options.folders];
    const next = async (): Promise<void> => {
      while (!this.#closing.signal.aborted) {
        const folder = waiting.shift();
        if (folder === undefined) return;
        await this.#discover(folder);
      }
    };
    this.#settled = Promise.all(Array.from({ length: AT_ONCE }, next)).then(() => {});
  }

  /** Every package has been looked at. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** Where a plugin's package is; null for one that is built in. */
  folderOf(definition: Definition): string | null {
    return this.#folders.get(definition) ?? null;
  }

  refused(): readonly RefusedPackage[] {
    return this.#refused;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#settled;
  }

  /** Waits until all packages are known, if `config` names a class that is not known yet. */
  async known(config: ReceivedConfig): Promise<void> {
    if (this.#definitions(config).some((definition) => definition === undefined)) await this.#settled;
  }

  /** The packages whose code a connector with this configuration runs; none for one that is built in. */
  packagesOf(config: ReceivedConfig): string[] {
    const folders = this.#definitions(config).flatMap((definition) =>
      definition === undefined ? [] : (this.#folders.get(definition) ?? []),
    );
    return [...new Set(folders)].sort();
  }

  /** What all packages but these hold. */
  others(packages: readonly string[]): PluginDescription[] {
    return [...this.#descriptions].flatMap(([folder, descriptions]) => (packages.includes(folder) ? [] : descriptions));
  }

  async #discover(folder: string): Promise<void> {
    const { describe, plugins, logger } = this.#options;
    try {
      const descriptions = await describe(folder, this.#closing.signal);
      const fresh = descriptions.filter((description) => !plugins.has(describedPlugin(description)));
      for (const { className, version } of descriptions.filter((it) => !fresh.includes(it)))
        logger.warn(`${className} ${version} of ${folder} is there already, from another package, and is not used`);
      const definitions = fresh.map(describedPlugin);
      for (const definition of definitions) this.#folders.set(definition, folder);
      plugins.add(definitions);
      this.#descriptions.set(folder, fresh);
      const names = fresh.map(({ className, version }) => `${className} ${version}`);
      logger.info(`Plugin package ${folder} adds ${names.join(', ')}`);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const hint = error instanceof KafkaException && error.hint !== undefined ? ` ${error.hint}` : '';
      this.#refused.push(refusedPackage(folder, error));
      logger.error(`The plugins of ${folder} are not used.${hint}`, error);
    }
  }

  /** Of every class that the configuration names; undefined for one that is not known. */
  #definitions(config: ReceivedConfig): (Definition | undefined)[] {
    const { plugins, worker } = this.#options;
    const strings = config as ConfigMap;
    const version = (key: string) => config[`${key}.plugin.version`];
    const stages = (list: 'transforms' | 'predicates', kind: 'transformation' | 'predicate') =>
      aliasesIn(strings, list).map((alias) =>
        plugins.closest(kind, config[`${list}.${alias}.type`] ?? '', version(`${list}.${alias}`)),
      );
    return [
      plugins.closest('connector', (config['connector.class'] ?? '').trim(), config['connector.plugin.version']),
      ...CONVERTERS.flatMap(({ key, kind }) => {
        const name = config[key] ?? worker[key];
        const wanted = config[key] === undefined ? worker[`${key}.plugin.version`] : version(key);
        return name === undefined ? [] : plugins.closest(kind, name, wanted);
      }),
      ...stages('transforms', 'transformation'),
      ...stages('predicates', 'predicate'),
    ];
  }
}

/** Why nothing of a package is used, for people. */
export function refusedPackage(folder: string, error: unknown): RefusedPackage {
  const hint = error instanceof KafkaException ? (error.hint ?? null) : null;
  return { folder, reason: error instanceof Error ? error.message : String(error), hint };
}
