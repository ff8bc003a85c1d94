import type { Predicate, Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import { type RetryWithToleranceOperator, SKIPPED } from './errors/retry-with-tolerance-operator.ts';

/** One transformation with the condition under which it applies. Java: `TransformationStage`. */
export interface TransformationStage {
  className: string;
  transformation: Transformation;
  predicate: Predicate | null;
  negate: boolean;
}

/** A connector's transformations in their order. Java: `TransformationChain`. */
export class TransformationChain<T> {
  readonly #stages: readonly TransformationStage[];
  readonly #operator: RetryWithToleranceOperator<T>;

  constructor(stages: readonly TransformationStage[], operator: RetryWithToleranceOperator<T>) {
    this.#stages = stages;
    this.#operator = operator;
  }

  /**
   * The transformed record, null when a transformation dropped it, SKIPPED when one failed and that is tolerated.
   * A promise only after a failure: the usual record costs no turn of the event loop.
   */
  apply<R extends ConnectRecord>(
    original: T,
    record: R,
    from = 0,
  ): R | null | typeof SKIPPED | Promise<R | null | typeof SKIPPED> {
    let current: R = record;
    for (let i = from; i < this.#stages.length; i++) {
      const stage = this.#stages[i] as TransformationStage;
      let next: R | null;
      try {
        next = applyStage(stage, current);
      } catch (error) {
        return this.#recover(original, current, i, error);
      }
      if (next === null) return null;
      current = next;
    }
    return current;
  }

  /** For every transformation and predicate, whatever the others do; the first failure is thrown at the end. */
  close(): void {
    const failures: unknown[] = [];
    for (const { transformation } of this.#stages) {
      try {
        transformation.close?.();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async #recover<R extends ConnectRecord>(original: T, record: R, index: number, error: unknown) {
    const stage = this.#stages[index] as TransformationStage;
    const next = await this.#operator.recover(original, 'TRANSFORMATION', stage.className, error, () =>
      applyStage(stage, record),
    );
    return next === SKIPPED || next === null ? next : this.apply(original, next, index + 1);
  }
}

function applyStage<R extends ConnectRecord>(stage: TransformationStage, record: R): R | null {
  if (stage.predicate !== null && stage.predicate.test(record) === stage.negate) return record;
  return stage.transformation.apply(record);
}
