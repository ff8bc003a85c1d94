import type {
  ConnectorInfo,
  ConnectorState,
  ConnectorStateInfo,
  ConnectorType,
  TaskState,
} from '../../../common/connect/connector-state-info.ts';
import { NotFoundException } from '../../../common/errors.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type { StoredConnector } from '../storage/config-backing-store.ts';
import type { ConnectStores } from '../storage/index.ts';
import type { Status } from '../storage/status-backing-store.ts';
import type { TaskInfo } from './herder.ts';
import type { ManagedConnector } from './managed-connector.ts';
import { taskName } from './task-host.ts';

/** What can be looked at: stored configurations and states in the shapes of REST. Waits for nothing. */
export class ConnectorViews {
  readonly #stores: ConnectStores;
  readonly #plugins: Plugins;
  readonly #running: ReadonlyMap<string, ManagedConnector>;

  constructor(stores: ConnectStores, plugins: Plugins, running: ReadonlyMap<string, ManagedConnector>) {
    this.#stores = stores;
    this.#plugins = plugins;
    this.#running = running;
  }

  /** Throws NotFoundException, as all of them do. */
  stored(name: string): StoredConnector {
    const stored = this.#stores.configs.get(name);
    if (stored === null) throw new NotFoundException(`Connector ${name} not found`);
    return stored;
  }

  info(name: string): ConnectorInfo {
    const { config } = this.stored(name);
    const tasks = this.#running.get(name)?.taskIds ?? [];
    return { name, config, tasks: tasks.map((task) => ({ connector: name, task })), type: this.#typeOf(config) };
  }

  status(name: string): ConnectorStateInfo {
    const connector = this.#stores.statuses.connector(name);
    const stored = this.#stores.configs.get(name);
    if (connector === null || stored === null) throw new NotFoundException(`No status found for connector ${name}`);
    const version = this.#versionOf(stored.config);
    return {
      name,
      connector: stateOf(connector, version),
      tasks: [...this.#stores.statuses.tasks(name)].map(([id, status]) => ({ id, ...stateOf(status, version) })),
      type: this.#typeOf(stored.config),
    };
  }

  taskStatus(name: string, task: number): TaskState {
    const status = this.#stores.statuses.tasks(name).get(task);
    if (status === undefined)
      throw new NotFoundException(`No status found for task ${taskName({ connector: name, task })}`);
    return { id: task, ...stateOf(status, this.#versionOf(this.#stores.configs.get(name)?.config ?? {})) };
  }

  taskConfigs(name: string): TaskInfo[] {
    const { config } = this.stored(name);
    const className = this.#plugins.findConnector(config['connector.class'] ?? '')?.className ?? '';
    const taskClass = className.replace(/(?:Connector)?$/, 'Task');
    return (this.#running.get(name)?.taskConfigs ?? []).map((taskConfig, task) => ({
      id: { connector: name, task },
      config: { 'task.class': taskClass, ...taskConfig },
    }));
  }

  #typeOf(config: ConfigMap): ConnectorType {
    return this.#plugins.findConnector(config['connector.class'] ?? '')?.kind ?? 'unknown';
  }

  #versionOf(config: ConfigMap): string | null {
    const version = config['connector.plugin.version'];
    return this.#plugins.findConnector(config['connector.class'] ?? '', version)?.version ?? null;
  }
}

function stateOf({ state, workerId, trace }: Status, version: string | null): ConnectorState {
  return { state, worker_id: workerId, ...(trace === undefined ? {} : { trace }), version };
}
