/**
 * Errors of Runnel carry Kafka's class names, so that REST answers, traces, logs and the command line say the
 * words that a Kafka user searches for. Mapping to an HTTP status, a wire error code or an exit code happens in
 * the doors alone (rest/, broker/, cli/), never where the error is made.
 */
export interface ErrorDetails {
  /** Stable, machine-readable, upper case: `UNKNOWN_CLASS`, `PORT_IN_USE`. Defaults to the class's own. */
  code?: string;
  /** What the person can do about it, one sentence. */
  hint?: string;
  /** The configuration key, file, topic or record that is meant. */
  key?: string;
  cause?: unknown;
}

export class KafkaException extends Error {
  /** Full name of the Java class that Kafka throws in this place; the first line of a trace begins with it. */
  readonly javaClass: string = 'org.apache.kafka.common.KafkaException';
  readonly code: string;
  readonly hint: string | undefined;
  readonly key: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code ?? 'UNKNOWN';
    this.hint = details.hint;
    this.key = details.key;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** A value of a configuration that can't be accepted; `key` names it. */
export class ConfigException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.config.ConfigException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'INVALID_CONFIG', ...details });
  }

  /** Kafka's own sentence: `Invalid value X for configuration key: reason`. */
  static invalidValue(key: string, value: unknown, reason?: string): ConfigException {
    return new ConfigException(
      `Invalid value ${value === undefined ? 'null' : String(value)} for configuration ${key}${reason ? `: ${reason}` : ''}`,
      { key },
    );
  }
}

export class ConnectException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.ConnectException';
}

/** Data that can't be read or written as the schema, converter or transformation wants it. */
export class DataException extends ConnectException {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.DataException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'INVALID_DATA', ...details });
  }
}

export class SchemaBuilderException extends DataException {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.SchemaBuilderException';
}

/** The operation may succeed when it is tried again; the worker does that. */
export class RetriableException extends ConnectException {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.RetriableException';
}

export class NotFoundException extends ConnectException {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.NotFoundException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'NOT_FOUND', ...details });
  }
}

export class AlreadyExistsException extends ConnectException {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.AlreadyExistsException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'ALREADY_EXISTS', ...details });
  }
}

export class BadRequestException extends ConnectException {
  override readonly javaClass: string = 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'BAD_REQUEST', ...details });
  }
}

/** The other end of a connection or port went away before it answered. */
export class DisconnectException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.DisconnectException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'DISCONNECTED', ...details });
  }
}

/** What crosses a process or thread boundary instead of an Error: names and texts, no prototypes. */
export interface WireError {
  name: string;
  javaClass: string;
  code: string;
  message: string;
  hint?: string;
  key?: string;
  stack?: string;
  cause?: WireError;
}

export function toWireError(error: unknown): WireError {
  if (!(error instanceof Error)) {
    return { name: 'Error', javaClass: 'java.lang.Exception', code: 'UNKNOWN', message: String(error) };
  }
  const known = error instanceof KafkaException ? error : undefined;
  const system = (error as { code?: unknown }).code;
  return {
    name: error.name,
    javaClass: known?.javaClass ?? 'java.lang.Exception',
    code: known?.code ?? (typeof system === 'string' ? system : 'UNKNOWN'),
    message: error.message,
    hint: known?.hint,
    key: known?.key,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : toWireError(error.cause),
  };
}

/** An error that arrived over the wire; it keeps class name, code, hint and the far side's frames. */
export class RemoteException extends KafkaException {
  override readonly javaClass: string;
  readonly #name: string;

  constructor(wire: WireError) {
    super(wire.message, {
      code: wire.code,
      hint: wire.hint,
      key: wire.key,
      cause: wire.cause && new RemoteException(wire.cause),
    });
    this.javaClass = wire.javaClass;
    this.#name = wire.name;
    if (wire.stack) this.stack = wire.stack;
  }

  override get name(): string {
    return this.#name;
  }
}

/** A trace as Connect shows it: Java class name and message first, our frames below, then the causes. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const javaClass = error instanceof KafkaException ? error.javaClass : `java.lang.${error.name}`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = [`${javaClass}: ${error.message}`, ...frames.map((line) => `\t${line.trim()}`)].join('\n');
  return error.cause === undefined ? own : `${own}\nCaused by: ${traceOf(error.cause)}`;
}
