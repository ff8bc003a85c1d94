import { join } from 'node:path';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, settings } from '../../common/desktop/settings.ts';
import type { Logger } from '../../common/logger.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** What a person has set. Each setting that can't be read takes its default; the others are kept. */
export class SettingsFile {
  readonly #path: string;
  readonly #listeners = new Set<(settings: Settings) => void>();
  #settings: Settings;

  constructor(folder: string, logger: Logger) {
    this.#path = join(folder, 'settings.json');
    const read = readJsonFile(this.#path);
    const found = new Map(Object.entries(read && typeof read === 'object' ? read : {}));
    const valid: [string, unknown][] = [];
    for (const [key, type] of Object.entries(settings.shape)) {
      if (!found.has(key)) continue;
      const value = type.safeParse(found.get(key));
      if (value.success) valid.push([key, value.data]);
      else logger.warn(`The setting ${key} in ${this.#path} can't be read: its default is used`);
    }
    this.#settings = { ...DEFAULT_SETTINGS, ...Object.fromEntries(valid) };
  }

  get current(): Settings {
    return this.#settings;
  }

  change(change: SettingsChange): Settings {
    this.#settings = settings.parse({ ...this.#settings, ...change });
    writeJsonFile(this.#path, this.#settings);
    for (const listener of this.#listeners) listener(this.#settings);
    return this.#settings;
  }

  onChange(listener: (settings: Settings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
