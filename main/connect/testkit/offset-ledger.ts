import type { SourceMap, SourceRecord } from '../api/records.ts';
import { canonicalSourceMap, parseSourceMap } from '../api/source-map.ts';
import { ContractViolation } from './contract-violation.ts';

/**
 * Source offsets as the worker's store has them: by partition, written as JSON and read again. It also watches that a
 * partition's offsets go forward, since a task that goes back would skip records after a restart.
 */
export class OffsetLedger {
  readonly #stored = new Map<string, string>();
  /** By partition: the last offset handed out, and all before it. */
  readonly #last = new Map<string, SourceMap>();
  readonly #passed = new Map<string, Set<string>>();

  stored(partition: SourceMap): SourceMap | null {
    const text = this.#stored.get(canonicalSourceMap(partition));
    return text === undefined ? null : parseSourceMap(text);
  }

  store(partition: SourceMap, offset: SourceMap): void {
    this.#stored.set(canonicalSourceMap(partition), canonicalSourceMap(offset));
  }

  /** A started task may hand out again what was not stored. */
  restarted(): void {
    this.#last.clear();
    this.#passed.clear();
  }

  /** Throws ContractViolation for an offset that was left behind already, or a single number that became smaller. */
  handedOut({ sourcePartition, sourceOffset }: SourceRecord): void {
    const partition = canonicalSourceMap(sourcePartition);
    const offset = canonicalSourceMap(sourceOffset);
    const passed = this.#passed.get(partition) ?? new Set();
    this.#passed.set(partition, passed);
    const last = this.#last.get(partition);
    this.#last.set(partition, sourceOffset);
    if (last === undefined || canonicalSourceMap(last) === offset) return;
    passed.add(canonicalSourceMap(last));
    if (passed.has(offset) || isSmaller(sourceOffset, last))
      throw new ContractViolation(
        `The offset of ${partition} goes back from ${canonicalSourceMap(last)} to ${offset}: after a restart records would be skipped`,
      );
  }
}

/** Of several fields nobody knows which one counts. */
function isSmaller(offset: SourceMap, last: SourceMap): boolean {
  const [names, names2] = [Object.keys(offset), Object.keys(last)];
  if (names.length !== 1 || names2.length !== 1 || names[0] !== names2[0]) return false;
  const [now, before] = [offset[names[0] as string], last[names[0] as string]];
  return isNumber(now) && isNumber(before) && now < before;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
