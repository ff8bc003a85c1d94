import { DataException } from '../../../../common/errors.ts';
import { accepts } from './filter-evaluator.ts';
import { isObject, member, members } from './members.ts';
import type { Filter, JsonPath, Step } from './syntax.ts';

/** Values that the path finds; null when something on the way is missing that has to be there. */
export function evaluate(path: JsonPath, current: unknown, root: unknown): unknown[] | null {
  const found: unknown[] = [];
  const complete = new Evaluation(path, root, found).walk(0, path.fromRoot ? root : current, true);
  return complete && !(path.definite && found.length === 0) ? found : null;
}

class Evaluation {
  readonly #steps: readonly Step[];
  readonly #root: unknown;
  readonly #found: unknown[];

  constructor(path: JsonPath, root: unknown, found: unknown[]) {
    this.#steps = path.steps;
    this.#root = root;
    this.#found = found;
  }

  /** `definite`: so far there was no choice, so what is missing makes the whole path missing: false. */
  walk(index: number, value: unknown, definite: boolean): boolean {
    const step = this.#steps[index];
    if (step === undefined) {
      this.#found.push(value);
      return true;
    }
    switch (step.kind) {
      case 'names':
        return this.#names(step.names, index, value, definite);
      case 'indices':
      case 'slice':
        if (!Array.isArray(value)) return !definite;
        for (const at of step.kind === 'indices' ? step.indices : sliceOf(step, value.length))
          if (!this.#item(value, at, index, definite && step.kind === 'indices' && step.indices.length === 1))
            return false;
        return true;
      case 'all':
        if (Array.isArray(value)) for (const item of value) this.walk(index + 1, item, false);
        else if (isObject(value)) for (const item of members(value)) this.walk(index + 1, item, false);
        return true;
      case 'scan':
        this.#scan(index + 1, value);
        return true;
      case 'filter':
        return this.#filter(step.filter, index, value, definite);
    }
  }

  #names(names: readonly string[], index: number, value: unknown, definite: boolean): boolean {
    if (!isObject(value)) return !definite;
    const last = index === this.#steps.length - 1;
    if (names.length > 1 && last) {
      const picked = names.map((name) => [name, member(value, name)] as const).filter(([, it]) => it !== undefined);
      this.#found.push(new Map(picked));
      return true;
    }
    for (const name of names) {
      const item = member(value, name);
      const required = definite && names.length === 1;
      if (item === undefined) {
        if (required && !last) return false;
      } else if (!this.walk(index + 1, item, required)) return false;
    }
    return true;
  }

  /** Out of bounds is no result, never an error. */
  #item(array: readonly unknown[], at: number, index: number, definite: boolean): boolean {
    const effective = at < 0 ? array.length + at : at;
    if (effective < 0 || effective >= array.length) return true;
    return this.walk(index + 1, array[effective], definite);
  }

  /** The value and everything in it that the next step can be applied to. */
  #scan(index: number, value: unknown): void {
    if (!isObject(value) && !Array.isArray(value)) return;
    const step = this.#steps[index];
    if (step?.kind === 'filter') {
      if (accepts(step.filter, value, this.#root)) this.walk(index + 1, value, false);
    } else if (
      step?.kind !== 'names' ||
      (isObject(value) && step.names.every((name) => member(value, name) !== undefined))
    )
      this.walk(index, value, false);
    for (const item of Array.isArray(value) ? value : members(value)) this.#scan(index, item);
  }

  #filter(filter: Filter, index: number, value: unknown, definite: boolean): boolean {
    if (isObject(value)) {
      if (accepts(filter, value, this.#root)) this.walk(index + 1, value, false);
    } else if (Array.isArray(value)) {
      for (const item of value) if (accepts(filter, item, this.#root)) this.walk(index + 1, item, false);
    } else if (definite)
      throw new DataException('The filter [?] can not be applied to anything but objects and arrays');
    return true;
  }
}

function sliceOf({ from, to }: { from: number | null; to: number | null }, length: number): number[] {
  const start = from === null ? 0 : from < 0 ? Math.max(0, length + from) : from;
  const end = to === null ? length : to < 0 ? length + to : Math.min(to, length);
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}
