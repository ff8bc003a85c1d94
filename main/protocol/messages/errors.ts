import { type ErrorDetails, KafkaException } from '../../../common/errors.ts';
import { ERROR_TABLE } from './error-table.ts';

export type ErrorName = keyof typeof ERROR_TABLE;

/** Codes by name: `Errors.UNKNOWN_TOPIC_OR_PARTITION` is 3. */
export const Errors = Object.fromEntries(Object.entries(ERROR_TABLE).map(([name, row]) => [name, row[0]])) as {
  readonly [N in ErrorName]: (typeof ERROR_TABLE)[N][0];
};

export interface ErrorInfo {
  readonly code: number;
  readonly name: ErrorName;
  /** simple name of Java's class; empty for NONE */
  readonly exception: string;
  readonly retriable: boolean;
  readonly message: string;
  /** Java's sentence, where scripts look for it; else `message` */
  readonly javaMessage: string;
}

const ROWS: Readonly<Record<string, readonly [number, string, boolean, string, string?]>> = ERROR_TABLE;

const BY_CODE: ReadonlyMap<number, ErrorInfo> = new Map(
  Object.entries(ROWS).map(([name, [code, exception, retriable, message, javaMessage = message]]) => [
    code,
    { code, name: name as ErrorName, exception, retriable, message, javaMessage },
  ]),
);

/** undefined for codes that Kafka 4.3 does not have */
export function errorInfo(code: number): ErrorInfo | undefined {
  return BY_CODE.get(code);
}

/** An error that a broker answered with. It has Java's class name: `TopicExistsException`. */
export class ApiException extends KafkaException {
  readonly errorCode: number;
  readonly retriable: boolean;
  override readonly javaClass: string;
  readonly #name: string;

  /** @param message the broker's own words, where the answer has some */
  constructor(errorCode: number, message?: string | null, details: ErrorDetails = {}) {
    const info = errorInfo(errorCode);
    const meaning = info?.message ?? `The broker answered with the unknown error code ${errorCode}.`;
    super(message || meaning, { code: info?.name ?? 'UNKNOWN_SERVER_ERROR', ...details });
    this.errorCode = errorCode;
    this.retriable = info?.retriable ?? false;
    this.#name = info?.exception || 'UnknownServerException';
    const scope = errorCode === Errors.INVALID_RECORD ? '' : 'errors.';
    this.javaClass = `org.apache.kafka.common.${scope}${this.#name}`;
  }

  override get name(): string {
    return this.#name;
  }
}
