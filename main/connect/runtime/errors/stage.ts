/** Where in a pipeline a record is. Java: `org.apache.kafka.connect.runtime.errors.Stage`. */
export type Stage =
  | 'TASK_POLL'
  | 'TASK_PUT'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'KAFKA_CONSUME';

/** A step that failed for good, with the record as it was before any transformation. Java: `ProcessingContext`. */
export interface FailedOperation<T> {
  original: T;
  stage: Stage;
  /** Java class name of the transformation, converter or task. */
  executingClass: string;
  error: Error;
}

/** Where failed records are told of: the log, a dead letter queue. Java: `ErrorReporter`. */
export interface ErrorReporter<T> {
  /** A promise is awaited before offsets are committed; its failure ends the task, for the record would be lost. */
  report(failure: FailedOperation<T>): Promise<void> | undefined;
  close(): Promise<void> | void;
}
