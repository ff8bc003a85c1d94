export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

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
