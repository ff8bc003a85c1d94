import type { TargetState } from '../../../common/connect/connector-state-info.ts';
import type { ConfigMap } from '../api/connector.ts';

export interface StoredConnector {
  name: string;
  /** As received, in its order; secrets are placeholders. */
  config: ConfigMap;
  targetState: TargetState;
  /** Counts the configurations that this name ever had, from 1. */
  version: number;
}

export interface ConfigVersion {
  version: number;
  config: ConfigMap;
  /** ms since 1970 UTC */
  time: number;
  /** Who made it: `rest`, `window`, `connect-standalone`. */
  author: string;
}

export interface PutOptions {
  author: string;
  /** Absent: a new connector is STARTED, an existing one keeps its own. */
  targetState?: TargetState;
  /** Keys whose values are secret: they are stored encrypted and the configuration gets a placeholder. */
  secretKeys?: ReadonlySet<string>;
}

/**
 * Connectors with their configurations, target states and secrets. Every change is durable when its method returns.
 * Java: `ConfigBackingStore`; that it outlives the standalone worker, keeps versions and hides secrets is ours.
 */
export interface ConfigBackingStore {
  /** In the order in which they were created. */
  connectors(): string[];
  get(name: string): StoredConnector | null;
  /** A secret key whose value is its own placeholder keeps the secret that is stored. */
  put(name: string, config: ConfigMap, options: PutOptions): StoredConnector;
  /** Nothing happens when the connector is gone. */
  putTargetState(name: string, state: TargetState): void;
  /** Its secrets go too; its source offsets stay, as in Connect. */
  remove(name: string): void;
  /** The text behind a placeholder; null when there is none. Throws ConnectException when it can't be decrypted. */
  secret(connector: string, key: string): string | null;
  /** Newest first, bounded; they stay when the connector is removed. */
  versions(name: string): ConfigVersion[];
}

/** What stands in a configuration in place of a secret; it stands for it in this connector and at this key only. */
export function secretPlaceholder(connector: string, key: string): string {
  return `\${runnel:${escaped(connector)}/${escaped(key)}}`;
}

/** What would be mistaken for the end of a part. */
function escaped(text: string): string {
  return text.replace(/[%:/{}$]/g, (it) => encodeURIComponent(it));
}

/** The configuration to store, and the secrets to encrypt; `keep` are those that stay as they are. */
export function separateSecrets(
  name: string,
  config: ConfigMap,
  secretKeys: ReadonlySet<string>,
): { config: ConfigMap; secrets: Map<string, string>; keep: Set<string> } {
  const secrets = new Map<string, string>();
  const keep = new Set<string>();
  const stored = Object.entries(config).map(([key, value]): [string, string] => {
    const placeholder = secretPlaceholder(name, key);
    if (value === placeholder) {
      keep.add(key);
      return [key, value];
    }
    if (!secretKeys.has(key) || value === '') return [key, value];
    secrets.set(key, value);
    return [key, placeholder];
  });
  return { config: Object.fromEntries(stored), secrets, keep };
}
