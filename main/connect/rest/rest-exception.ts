import {
  AlreadyExistsException,
  BadRequestException,
  ConfigException,
  ConnectException,
  KafkaException,
  NotFoundException,
} from '../../../common/errors.ts';

/** An answer with this status, for what only HTTP knows: targets, media types, methods, sizes. */
export class RestException extends ConnectException {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, cause?: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(message, { code: `HTTP_${status}`, ...(cause === undefined ? {} : { cause }) });
    this.status = status;
    this.headers = headers;
  }
}

/** Statuses of errors that have none by their class. */
const BY_CODE: ReadonlyMap<string, number> = new Map([
  ['UNKNOWN_CLASS', 400],
  ['UNKNOWN_VERSION', 400],
  ['FORBIDDEN', 403],
]);

/** The one place where errors become HTTP. Java: `ConnectExceptionMapper`. */
export function statusOf(error: unknown): number {
  if (error instanceof RestException) return error.status;
  if (error instanceof NotFoundException) return 404;
  if (error instanceof AlreadyExistsException) return 409;
  if (error instanceof BadRequestException || error instanceof ConfigException) return 400;
  return (error instanceof KafkaException && BY_CODE.get(error.code)) || 500;
}

/** Connect's sentence and what can be done about it; an error of our own making says nothing of its inside. */
export function messageOf(error: unknown): string {
  if (!(error instanceof KafkaException)) return 'Internal error: the log of the worker has it';
  if (error.hint === undefined || error.message.includes('\n')) return error.message;
  return `${error.message}${/[.!?]$/.test(error.message) ? '' : '.'} ${error.hint}`;
}
