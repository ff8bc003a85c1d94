import type { ConnectorOffsets } from '../../common/connect/connector-state-info.ts';
import type { ConnectorSummary } from '../../common/connect/connector-summary.ts';
import { NotFoundException } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time, Timer } from '../../common/time.ts';
import { Rate } from '../topics/rate.ts';
import { isDemo } from './demo.ts';
import type { Herder, TaskReport } from './runtime/herder.ts';

const INTERVAL_MS = 1_000;
const RATE_WINDOW_MS = 5_000;

/** What has been counted of one connector since the monitor first saw it. */
interface Counted {
  records: number;
  errors: number;
  /** The newest counters of each task, to tell what was added. */
  tasks: Map<number, { records: number; errors: number; rate: Rate }>;
  offset: string | null;
  /** `records` when the offset was last read. */
  offsetAt: number;
}

export interface ConnectorMonitorOptions {
  herder: Herder;
  time: Time;
  logger: Logger;
}

/** Summaries of all connectors, for a list: once a second, and at once when a state changes, while someone listens. */
export class ConnectorMonitor {
  readonly #options: ConnectorMonitorOptions;
  readonly #listeners = new Set<(summaries: ConnectorSummary[]) => void>();
  readonly #counted = new Map<string, Counted>();
  #timer: Timer | undefined;
  #stopListening: (() => void) | undefined;
  #announced = false;

  constructor(options: ConnectorMonitorOptions) {
    this.#options = options;
  }

  onSummaries(listener: (summaries: ConnectorSummary[]) => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    listener(this.#summaries());
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  }

  #begin(): void {
    this.#counted.clear();
    this.#stopListening = this.#options.herder.onChange(() => this.#announceSoon());
    this.#tick();
  }

  #end(): void {
    this.#timer?.cancel();
    this.#stopListening?.();
  }

  #tick(): void {
    this.#timer = this.#options.time.timer(INTERVAL_MS, () => {
      void this.#readOffsets().then(() => {
        this.#announce();
        if (this.#listeners.size > 0) this.#tick();
      });
    });
  }

  /** Several states change in one turn: they are told together. */
  #announceSoon(): void {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.#announce();
    });
  }

  #announce(): void {
    if (this.#listeners.size === 0) return;
    const summaries = this.#summaries();
    for (const listener of this.#listeners) listener(summaries);
  }

  #summaries(): ConnectorSummary[] {
    const { herder } = this.#options;
    const names = herder.connectors();
    for (const name of this.#counted.keys()) if (!names.includes(name)) this.#counted.delete(name);
    return names.flatMap((name) => this.#summary(name) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Undefined for a connector that has no state yet, or none any more. */
  #summary(name: string): ConnectorSummary | undefined {
    const { herder } = this.#options;
    try {
      const config = herder.connectorConfig(name);
      const status = herder.connectorStatus(name);
      const reports = herder.taskReports(name);
      const counted = this.#count(name, reports);
      const tasks = status.tasks.map((task) => ({
        ...task,
        recordsPerSecond: counted.tasks.get(task.id)?.rate.perSecond() ?? 0,
      }));
      return {
        name,
        type: status.type,
        connectorClass: config['connector.class'] ?? '',
        tasksMax: Number.parseInt(config['tasks.max'] ?? '1', 10) || 1,
        connector: status.connector,
        tasks,
        topics: topicsOf(herder, name),
        finished: reports.length > 0 && reports.every(({ failureCode }) => failureCode === 'FINISHED'),
        recordsPerSecond: tasks.reduce((sum, { recordsPerSecond }) => sum + recordsPerSecond, 0),
        records: counted.records,
        errors: counted.errors,
        lag: status.type === 'sink' ? lagOf(reports) : null,
        offset: counted.offset,
        waitingFor: reports.find(({ metrics }) => metrics.waitingFor !== null)?.metrics.waitingFor ?? null,
        demo: isDemo(config),
      };
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }

  /** Adds what the tasks have done since the last look. A task's counters begin anew when it is started anew. */
  #count(name: string, reports: readonly TaskReport[]): Counted {
    const counted = this.#counted.get(name) ?? { records: 0, errors: 0, tasks: new Map(), offset: null, offsetAt: -1 };
    this.#counted.set(name, counted);
    for (const { task, metrics } of reports) {
      const before = counted.tasks.get(task);
      const { records, errors } = metrics;
      if (!before) {
        // What was done before anybody looked counts, but tells nothing of the present rate.
        counted.tasks.set(task, { records, errors, rate: new Rate(this.#options.time, RATE_WINDOW_MS) });
        counted.records += records;
        counted.errors += errors;
        continue;
      }
      const added = records >= before.records ? records - before.records : records;
      counted.records += added;
      counted.errors += errors >= before.errors ? errors - before.errors : errors;
      before.rate.add(added);
      before.records = records;
      before.errors = errors;
    }
    for (const task of counted.tasks.keys())
      if (!reports.some((report) => report.task === task)) counted.tasks.delete(task);
    return counted;
  }

  /** Of source connectors that have done something since; a sink's are told by its lag. */
  async #readOffsets(): Promise<void> {
    const { herder, logger } = this.#options;
    for (const [name, counted] of this.#counted) {
      if (this.#listeners.size === 0) return;
      try {
        if (counted.offset !== null && counted.offsetAt === counted.records) continue;
        if (herder.connectorInfo(name).type !== 'source') continue;
        const { records } = counted;
        counted.offset = offsetLine(await herder.connectorOffsets(name));
        counted.offsetAt = records;
      } catch (error) {
        // Deleted in between; anything else is no reason to leave the list without its other columns.
        if (!(error instanceof NotFoundException))
          logger.debug(`The offsets of ${name} could not be read: ${(error as Error).message}`);
      }
    }
  }
}

function topicsOf(herder: Herder, name: string): string[] {
  try {
    return [...herder.activeTopics(name)].sort();
  } catch (error) {
    // The worker's settings may turn the tracking of topics off.
    if ((error as { code?: unknown }).code === 'FORBIDDEN') return [];
    throw error;
  }
}

function lagOf(reports: readonly TaskReport[]): bigint | null {
  let lag = 0n;
  for (const { metrics } of reports) {
    if (metrics.lag === null) return null;
    lag += metrics.lag;
  }
  return reports.length === 0 ? null : lag;
}

/** `position 4120` for one partition, `3 partitions` for more. */
function offsetLine({ offsets }: ConnectorOffsets): string | null {
  const stored = offsets.filter(({ offset }) => offset !== null);
  if (stored.length === 0) return null;
  if (stored.length > 1) return `${stored.length} partitions`;
  return Object.entries(stored[0]?.offset ?? {})
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
