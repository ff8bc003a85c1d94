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
      const meant = closest(field, known);
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

function closest(name: string, known: readonly string[]): string | undefined {
  const near = known.map((it) => ({ it, distance: distance(name.toLowerCase(), it.toLowerCase()) }));
  near.sort((a, b) => a.distance - b.distance);
  const best = near[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.it : undefined;
}

/** Levenshtein's: insertions, deletions and replacements. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
