import type { ConnectorStateInfo, State } from '../../common/connect/connector-state-info.ts';
import { NotFoundException } from '../../common/errors.ts';
import type { ConfigMap } from '../../main/connect/api/connector.ts';
import type { Herder, TaskReport } from '../../main/connect/runtime/herder.ts';
import { TaskMetrics } from '../../main/connect/runtime/task-metrics.ts';
import { silentLogger } from '../../main/logging.ts';

/** A connector as a test sets it. */
export interface FakeConnector {
  config: ConfigMap;
  type: 'source' | 'sink';
  state: State;
  trace?: string;
  tasks: { state: State; metrics: TaskMetrics; failureCode: string | null }[];
  topics: string[];
  offset: Record<string, unknown> | null;
}

/** A herder whose connectors are what a test says they are; it notes what it is asked to do. */
export class FakeHerder {
  readonly all = new Map<string, FakeConnector>();
  readonly calls: unknown[][] = [];
  readonly #listeners = new Set<(name: string) => void>();

  add(name: string, more: Partial<FakeConnector> = {}): FakeConnector {
    const connector: FakeConnector = {
      config: { name, 'connector.class': 'FileStreamSource', 'tasks.max': '1' },
      type: 'source',
      state: 'RUNNING',
      tasks: [{ state: 'RUNNING', metrics: new TaskMetrics(), failureCode: null }],
      topics: [],
      offset: null,
      ...more,
    };
    this.all.set(name, connector);
    return connector;
  }

  change(name: string): void {
    for (const listener of this.#listeners) listener(name);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  herder(): Herder {
    const of = (name: string) => {
      const connector = this.all.get(name);
      if (!connector) throw new NotFoundException(`Connector ${name} not found`);
      return connector;
    };
    const status = (name: string): ConnectorStateInfo => {
      const { state, tasks, type, trace } = of(name);
      return {
        name,
        type,
        connector: { state, worker_id: 'w', ...(trace === undefined ? {} : { trace }) },
        tasks: tasks.map((task, id) => ({ id, state: task.state, worker_id: 'w' })),
      };
    };
    const note =
      <T>(call: string, answer: (name: string) => T) =>
      async (name: string, ...rest: unknown[]): Promise<T> => {
        this.calls.push([call, name, ...rest]);
        return answer(name);
      };
    const info = (name: string) => ({ name, config: of(name).config, tasks: [], type: of(name).type });
    const herder: Partial<Herder> = {
      workerId: 'w',
      kafkaClusterId: async () => 'cluster',
      connectors: () => [...this.all.keys()],
      connectorInfo: info,
      connectorConfig: (name) => of(name).config,
      connectorStatus: status,
      connectorOffsets: async (name) => ({ offsets: [{ partition: {}, offset: of(name).offset }] }),
      taskReports: (name): TaskReport[] =>
        of(name).tasks.map(({ metrics, failureCode }, task) => ({ task, metrics: metrics.snapshot(), failureCode })),
      activeTopics: (name) => of(name).topics,
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      putConnectorConfig: async (name, config, options) => {
        this.calls.push(['put', name, config, options]);
        this.add(name, { config: config as ConfigMap });
        return { created: true, info: info(name) };
      },
      pauseConnector: note('pause', () => {}),
      resumeConnector: note('resume', () => {}),
      stopConnector: note('stop', () => {}),
      restartConnector: note('restart', () => {}),
      restartConnectorAndTasks: async (request) => {
        this.calls.push(['restartAll', request]);
        return status(request.connector);
      },
      restartTask: note('restartTask', () => {}),
      resetConnectorOffsets: note('resetOffsets', () => ''),
      deleteConnector: note('delete', (name) => void this.all.delete(name)),
      allLoggerLevels: () => silentLogger.loggers.allLevels(),
      loggerLevel: (name) => silentLogger.loggers.level(name),
      plugins: async () => [],
      validateConnectorConfig: async () => ({ name: 'x', error_count: 0, groups: [], configs: [] }),
    };
    return herder as Herder;
  }
}
