import type { TargetState } from '../../../common/connect/connector-state-info.ts';
import type { Time } from '../../../common/time.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { SourceMap } from '../api/records.ts';
import { canonicalSourceMap, parseSourceMap } from '../api/source-map.ts';
import {
  type ConfigBackingStore,
  type ConfigVersion,
  type PutOptions,
  type StoredConnector,
  separateSecrets,
} from './config-backing-store.ts';
import type { OffsetBackingStore, OffsetCommit, StoredOffset } from './offset-backing-store.ts';
import type { Status, StatusBackingStore } from './status-backing-store.ts';

/** For tests and for workers that should forget: the same behaviour as the SQLite stores, without their file. */
export class MemoryOffsetBackingStore implements OffsetBackingStore {
  readonly #time: Time;
  readonly #offsets = new Map<string, Map<string, string>>();
  readonly #history = new Map<string, OffsetCommit[]>();

  constructor(time: Time) {
    this.#time = time;
  }

  get(connector: string, partitions: readonly SourceMap[]): (SourceMap | null)[] {
    return partitions.map((partition) => {
      const offset = this.#offsets.get(connector)?.get(canonicalSourceMap(partition));
      return offset === undefined ? null : parseSourceMap(offset);
    });
  }

  all(connector: string): StoredOffset[] {
    return [...(this.#offsets.get(connector) ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([partition, offset]) => ({ partition: parseSourceMap(partition), offset: parseSourceMap(offset) }));
  }

  set(connector: string, offsets: readonly { partition: SourceMap; offset: SourceMap | null }[]): void {
    const rows = offsets.map(({ partition, offset }) => ({
      partition: canonicalSourceMap(partition),
      offset: offset === null ? null : canonicalSourceMap(offset),
    }));
    const stored = this.#offsets.get(connector) ?? new Map<string, string>();
    this.#offsets.set(connector, stored);
    const history = this.#history.get(connector) ?? [];
    this.#history.set(connector, history);
    for (const { partition, offset } of rows) {
      if (offset === null) stored.delete(partition);
      else {
        stored.set(partition, offset);
        history.unshift({
          partition: parseSourceMap(partition),
          offset: parseSourceMap(offset),
          time: this.#time.milliseconds(),
        });
      }
    }
    history.splice(1_000);
  }

  clear(connector: string): void {
    this.#offsets.delete(connector);
  }

  history(connector: string, limit: number): OffsetCommit[] {
    return (this.#history.get(connector) ?? []).slice(0, limit);
  }
}

export class MemoryConfigBackingStore implements ConfigBackingStore {
  readonly #time: Time;
  readonly #connectors = new Map<string, StoredConnector>();
  readonly #versions = new Map<string, ConfigVersion[]>();
  readonly #secrets = new Map<string, Map<string, string>>();

  constructor(time: Time) {
    this.#time = time;
  }

  connectors(): string[] {
    return [...this.#connectors.keys()];
  }

  get(name: string): StoredConnector | null {
    return this.#connectors.get(name) ?? null;
  }

  put(name: string, received: ConfigMap, options: PutOptions): StoredConnector {
    const { config, secrets, keep } = separateSecrets(name, received, options.secretKeys ?? new Set());
    const before = this.#connectors.get(name);
    const targetState = options.targetState ?? before?.targetState ?? 'STARTED';
    if (before !== undefined && secrets.size === 0 && JSON.stringify(before.config) === JSON.stringify(config)) {
      this.putTargetState(name, targetState);
      return { ...before, targetState };
    }
    const versions = this.#versions.get(name) ?? [];
    const version = (versions[0]?.version ?? 0) + 1;
    versions.unshift({ version, config, time: this.#time.milliseconds(), author: options.author });
    versions.splice(100);
    this.#versions.set(name, versions);
    const kept = [...(this.#secrets.get(name) ?? [])].filter(([key]) => keep.has(key));
    this.#secrets.set(name, new Map([...kept, ...secrets]));
    const stored = { name, config, targetState, version };
    this.#connectors.set(name, stored);
    return stored;
  }

  putTargetState(name: string, state: TargetState): void {
    const stored = this.#connectors.get(name);
    if (stored !== undefined) this.#connectors.set(name, { ...stored, targetState: state });
  }

  remove(name: string): void {
    this.#connectors.delete(name);
    this.#secrets.delete(name);
  }

  secret(connector: string, key: string): string | null {
    return this.#secrets.get(connector)?.get(key) ?? null;
  }

  versions(name: string): ConfigVersion[] {
    return [...(this.#versions.get(name) ?? [])];
  }
}

export class MemoryStatusBackingStore implements StatusBackingStore {
  readonly #connectors = new Map<string, Status>();
  readonly #tasks = new Map<string, Map<number, Status>>();
  readonly #topics = new Map<string, Set<string>>();

  connector(name: string): Status | null {
    return this.#connectors.get(name) ?? null;
  }

  putConnector(name: string, status: Status): void {
    this.#connectors.set(name, status);
  }

  tasks(connector: string): Map<number, Status> {
    return new Map([...(this.#tasks.get(connector) ?? [])].sort(([a], [b]) => a - b));
  }

  putTask(connector: string, task: number, status: Status): void {
    const tasks = this.#tasks.get(connector) ?? new Map<number, Status>();
    this.#tasks.set(connector, tasks.set(task, status));
  }

  removeTask(connector: string, task: number): void {
    this.#tasks.get(connector)?.delete(task);
  }

  remove(connector: string): void {
    this.#connectors.delete(connector);
    this.#tasks.delete(connector);
  }

  topics(connector: string): string[] {
    return [...(this.#topics.get(connector) ?? [])].sort();
  }

  addTopic(connector: string, topic: string): void {
    this.#topics.set(connector, (this.#topics.get(connector) ?? new Set()).add(topic));
  }

  resetTopics(connector: string): void {
    this.#topics.delete(connector);
  }
}
