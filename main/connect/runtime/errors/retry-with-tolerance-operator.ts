import { ConnectException, RetriableException } from '../../../../common/errors.ts';
import { sleep, type Time } from '../../../../common/time.ts';
import type { TaskMetrics } from '../task-metrics.ts';
import type { ErrorReporter, FailedOperation, Stage } from './stage.ts';
import { TaskStopping } from './task-stopping.ts';

/** What `errors.*` of a connector's configuration says. */
export interface ErrorHandling {
  /** `errors.retry.timeout` in ms; negative: for ever */
  retryTimeoutMs: bigint;
  /** `errors.retry.delay.max.ms` */
  retryDelayMaxMs: bigint;
  tolerance: 'none' | 'all';
}

const RETRIES_DELAY_MIN_MS = 300;

/** Stands for the result of a step that failed and is tolerated. */
export const SKIPPED: unique symbol = Symbol('skipped');

export interface OperatorOptions<T> {
  handling: ErrorHandling;
  reporters: readonly ErrorReporter<T>[];
  metrics: TaskMetrics;
  time: Time;
  /** In [0, 1). */
  random: () => number;
  /** The task is to stop: no retry is waited for any more. */
  signal: AbortSignal;
}

/**
 * What is done about a record's failed step: try again, skip and report, or fail the task. The steps themselves run
 * outside, since most never fail: only a failure comes here. Java: `RetryWithToleranceOperator`; unlike there a
 * record that is being retried when the task stops is not skipped but comes again, and reports are awaited.
 */
export class RetryWithToleranceOperator<T> {
  readonly #options: OperatorOptions<T>;
  readonly #reports = new Set<Promise<void>>();
  #reportFailure: Error | null = null;

  constructor(options: OperatorOptions<T>) {
    this.#options = options;
  }

  /** `errors.tolerance=all` */
  get tolerant(): boolean {
    return this.#options.handling.tolerance === 'all';
  }

  /**
   * After `operation` threw `error`: its result when a retry succeeds, SKIPPED when the failure is tolerated. Throws
   * ConnectException ("Tolerance exceeded in error handler") when it is not, TaskStopping when the task stops first.
   */
  async recover<V>(
    original: T,
    stage: Stage,
    executingClass: string,
    error: unknown,
    operation: () => V,
  ): Promise<V | typeof SKIPPED> {
    const { metrics, time, handling, signal } = this.#options;
    const start = time.hiResMilliseconds();
    const deadline = handling.retryTimeoutMs < 0n ? Number.POSITIVE_INFINITY : start + Number(handling.retryTimeoutMs);
    const since = time.milliseconds();
    let failure = asError(error);
    for (let attempt = 1; failure instanceof RetriableException; attempt++) {
      const now = time.hiResMilliseconds();
      if (now >= deadline) break;
      metrics.failures++;
      metrics.waitingForStep = { what: `${executingClass} to succeed (${failure.message})`, since };
      await sleep(time, Math.min(this.#delay(attempt), deadline - now), signal);
      metrics.waitingForStep = null;
      if (signal.aborted) throw new TaskStopping();
      metrics.retries++;
      try {
        return operation();
      } catch (next) {
        failure = asError(next);
      }
    }
    await this.executeFailed({ original, stage, executingClass, error: failure });
    return SKIPPED;
  }

  /**
   * Reports a step that failed for good. Throws ConnectException when that is not tolerated (the report is awaited
   * then), else returns as soon as there is room for the next report.
   */
  async executeFailed(failure: FailedOperation<T>): Promise<void> {
    const { metrics, reporters } = this.#options;
    metrics.failures++;
    metrics.errors++;
    const reports = reporters.map((reporter) => reporter.report(failure)).filter((report) => report !== undefined);
    for (const report of reports) this.#track(report);
    if (!this.tolerant) {
      await this.reported();
      throw new ConnectException('Tolerance exceeded in error handler', {
        code: 'TOLERANCE_EXCEEDED',
        hint: 'Mend the cause below, or set errors.tolerance=all to skip such records.',
        cause: failure.error,
      });
    }
    metrics.skipped++;
    if (this.#reports.size >= MAX_OPEN_REPORTS) await Promise.race(this.#reports);
  }

  /** Every report so far is written. Throws ConnectException when one could not be. */
  async reported(): Promise<void> {
    while (this.#reports.size > 0) await Promise.all(this.#reports);
    if (this.#reportFailure !== null) {
      throw new ConnectException('A failed record could not be reported, so it would be lost', {
        code: 'REPORT_FAILED',
        cause: this.#reportFailure,
      });
    }
  }

  async close(): Promise<void> {
    for (const reporter of this.#options.reporters) await reporter.close();
  }

  #track(report: Promise<void>): void {
    const done: Promise<void> = report
      .catch((error) => {
        this.#reportFailure ??= asError(error);
      })
      .then(() => void this.#reports.delete(done));
    this.#reports.add(done);
  }

  #delay(attempt: number): number {
    const max = Number(this.#options.handling.retryDelayMaxMs);
    const delay = RETRIES_DELAY_MIN_MS * 2 ** (attempt - 1);
    return delay > max ? this.#options.random() * max : delay;
  }
}

/** A dead letter queue that does not answer must not fill the memory. */
const MAX_OPEN_REPORTS = 1_000;

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new ConnectException(String(thrown));
}
