import type { TargetState } from '../../../common/connect/connector-state-info.ts';
import { ConnectException } from '../../../common/errors.ts';
import type { Time } from '../../../common/time.ts';
import type { Database, Statement } from '../../storage/database.ts';
import type { ConfigMap } from '../api/connector.ts';
import {
  type ConfigBackingStore,
  type ConfigVersion,
  type PutOptions,
  type StoredConnector,
  separateSecrets,
} from './config-backing-store.ts';
import { openSecret, sealSecret } from './secret-box.ts';
import type { SecretKey } from './secret-key.ts';

/** How many configurations of a name are kept. */
export const VERSIONS_KEPT = 100;

interface ConnectorRow {
  name: string;
  target_state: TargetState;
  config_version: bigint;
  config: string;
}

interface VersionRow {
  version: bigint;
  config: string;
  time: bigint;
  author: string;
}

export class SqliteConfigBackingStore implements ConfigBackingStore {
  readonly #database: Database;
  readonly #secretKey: SecretKey;
  readonly #time: Time;
  readonly #names: Statement<{ name: string }>;
  readonly #get: Statement<ConnectorRow>;
  readonly #insert: Statement<void>;
  readonly #update: Statement<void>;
  readonly #setState: Statement<void>;
  readonly #delete: Statement<void>;
  readonly #lastVersion: Statement<{ version: bigint | null }>;
  readonly #insertVersion: Statement<void>;
  readonly #trimVersions: Statement<void>;
  readonly #versions: Statement<VersionRow>;
  readonly #secret: Statement<{ sealed: Uint8Array }>;
  readonly #secretKeys: Statement<{ key: string }>;
  readonly #putSecret: Statement<void>;
  readonly #deleteSecret: Statement<void>;

  constructor(database: Database, secretKey: SecretKey, time: Time) {
    this.#database = database;
    this.#secretKey = secretKey;
    this.#time = time;
    this.#names = database.prepare('SELECT name FROM connector ORDER BY position');
    this.#get = database.prepare(
      `SELECT name, target_state, config_version, config FROM connector
       JOIN connector_config ON connector = name AND version = config_version WHERE name = ?`,
    );
    this.#insert = database.prepare('INSERT INTO connector (name, target_state, config_version) VALUES (?, ?, ?)');
    this.#update = database.prepare('UPDATE connector SET target_state = ?, config_version = ? WHERE name = ?');
    this.#setState = database.prepare('UPDATE connector SET target_state = ? WHERE name = ?');
    this.#delete = database.prepare('DELETE FROM connector WHERE name = ?');
    this.#lastVersion = database.prepare('SELECT max(version) AS version FROM connector_config WHERE connector = ?');
    this.#insertVersion = database.prepare(
      'INSERT INTO connector_config (connector, version, config, time, author) VALUES (?, ?, ?, ?, ?)',
    );
    this.#trimVersions = database.prepare('DELETE FROM connector_config WHERE connector = ? AND version <= ?');
    this.#versions = database.prepare(
      'SELECT version, config, time, author FROM connector_config WHERE connector = ? ORDER BY version DESC',
    );
    this.#secret = database.prepare('SELECT sealed FROM secret WHERE connector = ? AND key = ?');
    this.#secretKeys = database.prepare('SELECT key FROM secret WHERE connector = ?');
    this.#putSecret = database.prepare(
      `INSERT INTO secret (connector, key, sealed) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET sealed = excluded.sealed`,
    );
    this.#deleteSecret = database.prepare('DELETE FROM secret WHERE connector = ? AND key = ?');
  }

  connectors(): string[] {
    return this.#names.all().map((row) => row.name);
  }

  get(name: string): StoredConnector | null {
    const row = this.#get.get(name);
    if (row === undefined) return null;
    return {
      name: row.name,
      config: readConfig(row.config),
      targetState: row.target_state,
      version: Number(row.config_version),
    };
  }

  put(name: string, received: ConfigMap, options: PutOptions): StoredConnector {
    const { config, secrets, keep } = separateSecrets(name, received, options.secretKeys ?? new Set());
    return this.#database.transaction(() => {
      const before = this.get(name);
      const targetState = options.targetState ?? before?.targetState ?? 'STARTED';
      // connect-standalone puts its files at each start: what has not changed is no new version.
      if (before !== null && secrets.size === 0 && JSON.stringify(before.config) === JSON.stringify(config)) {
        this.putTargetState(name, targetState);
        return { ...before, targetState };
      }
      const version = Number(this.#lastVersion.get(name)?.version ?? 0n) + 1;
      this.#insertVersion.run(name, version, JSON.stringify(config), this.#time.milliseconds(), options.author);
      this.#trimVersions.run(name, version - VERSIONS_KEPT);
      if (before === null) this.#insert.run(name, targetState, version);
      else this.#update.run(targetState, version, name);
      for (const { key } of this.#secretKeys.all(name)) if (!keep.has(key)) this.#deleteSecret.run(name, key);
      for (const [key, text] of secrets) this.#putSecret.run(name, key, sealSecret(this.#secretKey, name, key, text));
      return { name, config, targetState, version };
    });
  }

  putTargetState(name: string, state: TargetState): void {
    this.#setState.run(state, name);
  }

  remove(name: string): void {
    this.#delete.run(name);
  }

  secret(connector: string, key: string): string | null {
    const row = this.#secret.get(connector, key);
    return row === undefined ? null : openSecret(this.#secretKey, connector, key, row.sealed);
  }

  versions(name: string): ConfigVersion[] {
    return this.#versions.all(name).map((row) => ({
      version: Number(row.version),
      config: readConfig(row.config),
      time: Number(row.time),
      author: row.author,
    }));
  }
}

function readConfig(text: string): ConfigMap {
  const config: unknown = JSON.parse(text);
  if (typeof config !== 'object' || config === null)
    throw new ConnectException('A stored configuration is no JSON object', { code: 'DATA_UNREADABLE' });
  return config as ConfigMap;
}
