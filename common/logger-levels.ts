import {
  type LevelSettings,
  LOG_THRESHOLDS,
  type LoggerLevel,
  type Loggers,
  type LogLevel,
  type LogThreshold,
} from './logger.ts';
import type { Time } from './time.ts';

const ROOT = 'root';

/** What the first word of a short name stands for. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['runtime', 'org.apache.kafka.connect.runtime'],
  ['rest', 'org.apache.kafka.connect.runtime.rest'],
  ['cli', 'org.apache.kafka.connect.cli'],
  ['kafka', 'org.apache.kafka.clients'],
]);

/** Levels as log4j2 has them: a logger's own, else that of the nearest namespace above it. Java: `Loggers.Log4jLoggers`. */
export class LoggerLevels implements Loggers {
  readonly #time: Time;
  readonly #settings: Map<string, LogThreshold>;
  readonly #names = new Set<string>([ROOT]);
  readonly #lastModified = new Map<string, number>();
  readonly #changeListeners = new Set<() => void>();
  readonly #loggerListeners = new Set<(name: string) => void>();

  constructor(time: Time, root: LogThreshold) {
    this.#time = time;
    this.#settings = new Map([[ROOT, root]]);
  }

  isEnabled(name: string, level: LogLevel): boolean {
    return LOG_THRESHOLDS.indexOf(level) >= LOG_THRESHOLDS.indexOf(this.#effective(fullName(name)));
  }

  level(name: string): LoggerLevel | null {
    const full = fullName(name);
    return this.#names.has(full) ? this.#describe(full) : null;
  }

  allLevels(): ReadonlyMap<string, LoggerLevel> {
    const on = [...this.#names].filter((name) => this.#effective(name) !== 'OFF').sort();
    return new Map(on.map((name) => [name, this.#describe(name)]));
  }

  setLevel(namespace: string, level: LogThreshold): string[] {
    const full = fullName(namespace);
    this.add(full);
    // By the beginning of the name alone, as Connect does: `a.b` is below `a.` and below `a` alike, `ab` below `a` too.
    const isWithin = (name: string) => full === ROOT || name.startsWith(full);
    const affected = [...this.#names].filter(isWithin);
    const before = new Map(affected.map((name) => [name, this.#effective(name)]));
    this.#settings.set(full, level);
    for (const name of this.#settings.keys()) if (isWithin(name)) this.#settings.set(name, level);
    // One that was off counts as changed whatever comes, as in Connect.
    const changed = affected.filter((name) => before.get(name) === 'OFF' || before.get(name) !== this.#effective(name));
    for (const name of changed) this.#lastModified.set(name, this.#time.milliseconds());
    this.#changed();
    return changed.sort();
  }

  add(name: string): void {
    const full = fullName(name);
    if (this.#names.has(full)) return;
    this.#names.add(full);
    for (const listener of this.#loggerListeners) listener(full);
  }

  settings(): LevelSettings {
    return [...this.#settings];
  }

  replaceSettings(settings: LevelSettings): void {
    this.#settings.clear();
    for (const [namespace, level] of settings) this.#settings.set(namespace, level);
    this.#changed();
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onLogger(listener: (name: string) => void): () => void {
    this.#loggerListeners.add(listener);
    for (const name of this.#names) if (name !== ROOT) listener(name);
    return () => this.#loggerListeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#changeListeners) listener();
  }

  #describe(name: string): LoggerLevel {
    return { level: this.#effective(name), last_modified: this.#lastModified.get(name) ?? null };
  }

  #effective(name: string): LogThreshold {
    for (let at = name; ; at = at.slice(0, at.lastIndexOf('.'))) {
      const level = this.#settings.get(at);
      if (level !== undefined) return level;
      if (!at.includes('.')) return this.#settings.get(ROOT) ?? 'INFO';
    }
  }
}

function fullName(name: string): string {
  if (name === '' || name.toLowerCase() === ROOT) return ROOT;
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  return (PACKAGES.get(first) ?? first) + name.slice(first.length);
}
