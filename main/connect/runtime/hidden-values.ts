import type { LogEntry, Logger } from '../../../common/logger.ts';
import type { StatusBackingStore } from '../storage/status-backing-store.ts';

/** A value, and what is shown in its place: the variable that it came from. */
export type HiddenValue = readonly [value: string, shown: string];

/** Shorter ones would be found in every other word. */
const MIN_LENGTH = 4;
/** Of values that change, the newest are remembered. */
const MAX_VALUES = 10_000;

/**
 * The values that config providers and the store of secrets have given. Whoever has to show a text of which it is not
 * known what is in it, like an error that a connector throws, asks for the text without them.
 */
export class HiddenValues {
  readonly #values = new Map<string, string>();
  #sorted: HiddenValue[] | null = null;

  constructor(values: readonly HiddenValue[] = []) {
    for (const [value, shown] of values) this.add(value, shown);
  }

  add(value: string, shown: string): void {
    if (value.trim().length < MIN_LENGTH || this.#values.has(value)) return;
    this.#values.set(value, shown);
    this.#sorted = null;
    const [oldest] = this.#values.keys();
    if (this.#values.size > MAX_VALUES && oldest !== undefined) this.#values.delete(oldest);
  }

  /** Longest first: one may be a part of another. */
  entries(): readonly HiddenValue[] {
    this.#sorted ??= [...this.#values].sort(([a], [b]) => b.length - a.length);
    return this.#sorted;
  }

  hide(text: string): string {
    if (this.#values.size === 0) return text;
    return this.entries().reduce((hidden, [value, shown]) => hidden.replaceAll(value, () => shown), text);
  }

  /** The same error with another message, stack and cause; null when there is nothing to hide. */
  hideIn(error: Error): Error {
    if (this.#values.size === 0) return error;
    const { cause } = error;
    return Object.create(error, {
      name: { value: error.name },
      message: { value: this.hide(error.message) },
      stack: { value: error.stack === undefined ? undefined : this.hide(error.stack) },
      cause: { value: cause instanceof Error ? this.hideIn(cause) : cause },
    }) as Error;
  }
}

/** A line without hidden values. */
export function hidingEntry(entry: LogEntry, hidden: HiddenValues): LogEntry {
  const { text, trace } = entry;
  return { ...entry, text: hidden.hide(text), trace: trace === undefined ? undefined : hidden.hide(trace) };
}

/** A logger whose lines are without hidden values. */
export function hidingLogger(logger: Logger, hidden: HiddenValues): Logger {
  const clean = (error: unknown) => (error instanceof Error ? hidden.hideIn(error) : error);
  return {
    loggers: logger.loggers,
    log: (level, text, error) => logger.log(level, hidden.hide(text), clean(error)),
    trace: (text) => logger.trace(hidden.hide(text)),
    debug: (text) => logger.debug(hidden.hide(text)),
    info: (text) => logger.info(hidden.hide(text)),
    warn: (text, error) => logger.warn(hidden.hide(text), clean(error)),
    error: (text, error) => logger.error(hidden.hide(text), clean(error)),
    named: (name) => hidingLogger(logger.named(name), hidden),
    context: (context) => hidingLogger(logger.context(context), hidden),
  };
}

/** States whose traces are without hidden values. */
export function hidingStatuses(statuses: StatusBackingStore, hidden: HiddenValues): StatusBackingStore {
  const clean = <S extends { trace?: string }>(status: S): S =>
    status.trace === undefined ? status : { ...status, trace: hidden.hide(status.trace) };
  return {
    connector: (name) => statuses.connector(name),
    putConnector: (name, status) => statuses.putConnector(name, clean(status)),
    tasks: (connector) => statuses.tasks(connector),
    putTask: (connector, task, status) => statuses.putTask(connector, task, clean(status)),
    removeTask: (connector, task) => statuses.removeTask(connector, task),
    remove: (connector) => statuses.remove(connector),
    topics: (connector) => statuses.topics(connector),
    addTopic: (connector, topic) => statuses.addTopic(connector, topic),
    resetTopics: (connector) => statuses.resetTopics(connector),
  };
}
