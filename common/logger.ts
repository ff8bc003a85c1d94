export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** From what level on a logger writes, as log4j2 names it: everything, or from that level on, or nothing. */
export const LOG_THRESHOLDS = ['ALL', ...LOG_LEVELS, 'FATAL', 'OFF'] as const;
export type LogThreshold = (typeof LOG_THRESHOLDS)[number];

/**
 * Where a room reports what someone should act on. Normal work is silent. Texts name connector, task, topic and
 * partition, and never a secret.
 */
export interface Logger {
  log(level: LogLevel, text: string, error?: unknown): void;
  trace(text: string): void;
  debug(text: string): void;
  info(text: string): void;
  warn(text: string, error?: unknown): void;
  error(text: string, error?: unknown): void;
  /** A logger for a class, named after its package and class: `runtime.WorkerSourceTask`. */
  named(name: string): Logger;
  /** The same logger whose lines carry a context: `tweets|task-0`. */
  context(context: string): Logger;
  /** The levels of this logger and of all that come from it. */
  readonly loggers: Loggers;
}

/** Java: `LoggerLevel` of Connect's REST API. */
export interface LoggerLevel {
  level: LogThreshold;
  /** ms since 1970 UTC of the last change by `setLevel`; null: as at the start. */
  last_modified: number | null;
}

/** What `setLevel` has set, by namespace: enough to have the same levels in another thread or process. */
export type LevelSettings = readonly (readonly [namespace: string, level: LogThreshold])[];

/**
 * The levels of all loggers of a process, to be changed while it runs. Names are those of Kafka's classes and packages;
 * the short names that lines carry mean the same: `runtime.WorkerSourceTask` is
 * `org.apache.kafka.connect.runtime.WorkerSourceTask`. `root`, in any case, is above all. Java: `Loggers`.
 */
export interface Loggers {
  /** Whether a logger of this name writes lines of this level. */
  isEnabled(name: string, level: LogLevel): boolean;
  /** Null: there is no logger of this name. */
  level(name: string): LoggerLevel | null;
  /** All that there are, sorted by name, but for those that are off. */
  allLevels(): ReadonlyMap<string, LoggerLevel>;
  /** For the namespace and all below it that have a level of their own. Returns the loggers whose level has changed, sorted. */
  setLevel(namespace: string, level: LogThreshold): string[];
  /** There is a logger of this name, here or where tasks run. */
  add(name: string): void;
  settings(): LevelSettings;
  /** As another process has them. */
  replaceSettings(settings: LevelSettings): void;
  /** Called after a change of levels; returns how to end that. */
  onChange(listener: () => void): () => void;
  /** Called with the name of each logger that is new, and now with those there are; returns how to end that. */
  onLogger(listener: (name: string) => void): () => void;
}

/** One line of the log, before it is written. */
export interface LogEntry {
  /** ms since 1970 UTC */
  time: number;
  level: LogLevel;
  logger: string;
  context?: string;
  text: string;
  trace?: string;
}
