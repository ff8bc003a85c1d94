import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';

const SLICE_MS = 2_000;
const SLICES = 150;

/** The rates of every connector over the last five minutes; undefined where nothing was measured. */
export class ConnectorRates {
  readonly #rates = new Map<string, (number | undefined)[]>();
  #slice = 0;

  /** Takes the present rates at a time (ms, rising). Connectors that are gone are forgotten. */
  add(now: number, connectors: readonly Pick<ConnectorSummary, 'name' | 'recordsPerSecond'>[]): void {
    const slice = Math.floor(now / SLICE_MS);
    const passed = Math.min(SLICES, Math.max(0, slice - this.#slice));
    this.#slice = Math.max(slice, this.#slice);
    const present = new Set(connectors.map(({ name }) => name));
    for (const [name, rates] of this.#rates) {
      if (!present.has(name)) this.#rates.delete(name);
      else {
        rates.splice(0, passed);
        rates.push(...Array<undefined>(passed).fill(undefined));
      }
    }
    for (const { name, recordsPerSecond } of connectors) {
      let rates = this.#rates.get(name);
      if (!rates) this.#rates.set(name, (rates = Array<undefined>(SLICES).fill(undefined)));
      rates[SLICES - 1] = recordsPerSecond;
    }
  }

  /** Oldest first. */
  of(connector: string): readonly (number | undefined)[] {
    return this.#rates.get(connector) ?? [];
  }
}
