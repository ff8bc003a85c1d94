import type { WireError } from '../../../common/errors.ts';
import type { LevelSettings, LogEntry } from '../../../common/logger.ts';
import type { SourceMap } from '../api/records.ts';
import type { TaskSpec } from './task-host.ts';
import type { TaskMetricsSnapshot } from './task-metrics.ts';

/** `id` is the host's own number for a task's run; a restarted task has a new one. */
export type ToThread =
  | { type: 'start'; id: number; spec: TaskSpec }
  | { type: 'pause'; id: number }
  | { type: 'resume'; id: number }
  | { type: 'stop'; id: number; timeoutMs: number }
  | { type: 'dropConnections' }
  | { type: 'logLevels'; levels: LevelSettings }
  | { type: 'ping' }
  | { type: 'answer'; request: number; offsets: (SourceMap | null)[] }
  | { type: 'refusal'; request: number; error: WireError };

export type FromThread =
  | { type: 'running'; id: number }
  | { type: 'paused'; id: number }
  | { type: 'failed'; id: number; error: WireError }
  | { type: 'topic'; id: number; topic: string }
  | { type: 'readOffsets'; id: number; request: number; partitions: SourceMap[] }
  | { type: 'storeOffsets'; id: number; request: number; offsets: { partition: SourceMap; offset: SourceMap }[] }
  | { type: 'metrics'; id: number; metrics: TaskMetricsSnapshot }
  | { type: 'stopped'; id: number; clean: boolean }
  | { type: 'log'; entry: LogEntry }
  | { type: 'logger'; name: string }
  | { type: 'pong' }
  /** The thread or process ends now; `id`: the task whose code it was, null when it can't be told. */
  | { type: 'crashed'; id: number | null; error: WireError };
