import { closestName } from '../../../common/closest-name.ts';
/** One thing that is wrong with a definition. */
export interface Mistake {
  /** The plugin's class name, or its place in the list: `plugin 2`. */
  plugin: string;
  /** Where in the definition: `config "poll.ms" default`. */
  field: string;
  /** `is 5, but LONG takes a bigint` */
  problem: string;
  /** A whole sentence. */
  cure: string;
}

/** Collects what is wrong with one plugin. */
export class Mistakes {
  readonly plugin: string;
  readonly found: Mistake[] = [];

  constructor(plugin: string) {
    this.plugin = plugin;
  }

  add(field: string, problem: string, cure: string): void {
    this.found.push({ plugin: this.plugin, field, problem, cure });
  }

  /** Every property that is not among `known`, with the one that was probably meant. */
  unknownFields(where: string, value: object, known: readonly string[]): void {
    for (const field of Object.keys(value)) {
      if (known.includes(field)) continue;
      const meant = closestName(field, known);
      this.add(
        `${where}${field}`,
        'is not known',
        meant === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean ${meant}?`,
      );
    }
  }
}

/** `com.example.A, field version: is missing` */
export function mistakeText({ plugin, field, problem }: Mistake): string {
  return `${plugin}, ${field}: ${problem}`;
}

/** A value as it stands in a message: short, and saying what it is. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return String(value);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
