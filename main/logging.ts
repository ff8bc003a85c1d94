import { traceOf } from '../common/errors.ts';
import type { LogEntry, Logger, Loggers, LogLevel } from '../common/logger.ts';
import { LoggerLevels } from '../common/logger-levels.ts';
import type { Time } from '../common/time.ts';

export interface LoggingOptions {
  time: Time;
  /** Receives every entry at or above the level: stderr, a JSON-lines file, a window. */
  write: (entry: LogEntry) => void;
  /** Of all loggers, until it is changed by `Logger.loggers`. INFO. */
  level?: LogLevel;
}

export function createLogger(options: LoggingOptions, name = 'runnel', context?: string): Logger {
  return loggerOf(options, new LoggerLevels(options.time, options.level ?? 'INFO'), name, context);
}

function loggerOf({ time, write }: LoggingOptions, loggers: Loggers, name: string, context?: string): Logger {
  loggers.add(name);
  const log = (level: LogLevel, text: string, error?: unknown) => {
    if (!loggers.isEnabled(name, level)) return;
    write({
      time: time.milliseconds(),
      level,
      logger: name,
      context,
      text,
      trace: error === undefined ? undefined : traceOf(error),
    });
  };
  return {
    loggers,
    log,
    trace: (text) => log('TRACE', text),
    debug: (text) => log('DEBUG', text),
    info: (text) => log('INFO', text),
    warn: (text, error) => log('WARN', text, error),
    error: (text, error) => log('ERROR', text, error),
    named: (other) => loggerOf({ time, write }, loggers, other, context),
    context: (other) => loggerOf({ time, write }, loggers, name, other),
  };
}

/** Connect's line: `[2026-11-23 10:42:18,177] WARN [tweets|task-0] text (runtime.WorkerSourceTask)`, local time. */
export function formatLogLine(entry: LogEntry): string {
  const t = new Date(entry.time);
  const two = (n: number) => String(n).padStart(2, '0');
  const when = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())},${String(t.getMilliseconds()).padStart(3, '0')}`;
  const context = entry.context ? `[${entry.context}] ` : '';
  const line = `[${when}] ${entry.level} ${context}${oneLine(entry.text)} (${entry.logger})`;
  return entry.trace ? `${line}\n${entry.trace}` : line;
}

/** Control characters (a record's text can hold ANSI escapes) are shown, not obeyed. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

export function writeToStderr(entry: LogEntry): void {
  process.stderr.write(`${formatLogLine(entry)}\n`);
}

/** Drops everything: for tests and for commands whose output is the data itself. */
export const silentLogger: Logger = createLogger({ time: { milliseconds: () => 0 } as Time, write: () => {} });
