import type { Trouble } from '../../kafka/api.ts';

/** What a task waits for, and since when: it still RUNS as far as Connect's states go. */
export interface WaitingFor {
  what: string;
  /** ms since 1970 UTC */
  since: number;
}

/** Nothing is said of what takes less. */
export const STALLED_MS = 3_000;

/** `Kafka at localhost:9092: connection refused`, since it could not be reached. */
export function kafkaTrouble(bootstrapServers: string, { error, sinceMs }: Trouble): WaitingFor {
  return { what: `Kafka at ${bootstrapServers} (${error.message})`, since: sinceMs };
}

/** A task's counters at a moment; plain data that crosses threads. Counts begin with the task. */
export interface TaskMetricsSnapshot {
  /** Records polled from the source, or handed to the sink's put. */
  records: number;
  /** Source: acknowledged by Kafka. Sink: read from Kafka. */
  transferred: number;
  /** Records that failed for good, whether skipped or not. */
  errors: number;
  /** Failed attempts, those included that succeeded later. */
  failures: number;
  retries: number;
  /** Records that were dropped because of `errors.tolerance=all`. */
  skipped: number;
  /** Records that transformations dropped. */
  filtered: number;
  deadLetters: number;
  /** Source: sent and not yet acknowledged. */
  inFlight: number;
  /** Sink: records behind the ends of its partitions; null when that is not known. */
  lag: bigint | null;
  waitingFor: WaitingFor | null;
}

/** The counters that a task's parts add to. */
export class TaskMetrics {
  records = 0;
  transferred = 0;
  errors = 0;
  failures = 0;
  retries = 0;
  skipped = 0;
  filtered = 0;
  deadLetters = 0;
  inFlight = 0;
  lag: bigint | null = null;
  /** Its cluster. */
  waitingFor: WaitingFor | null = null;
  /** A step of its own that takes long or is tried again; told before the cluster. */
  waitingForStep: WaitingFor | null = null;

  snapshot(): TaskMetricsSnapshot {
    const { records, transferred, errors, failures, retries, skipped, filtered, deadLetters, inFlight } = this;
    return {
      records,
      transferred,
      errors,
      failures,
      retries,
      skipped,
      filtered,
      deadLetters,
      inFlight,
      lag: this.lag,
      waitingFor: this.waitingForStep ?? this.waitingFor,
    };
  }
}
