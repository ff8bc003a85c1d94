import { type ErrorDetails, KafkaException } from '../../common/errors.ts';
import { ApiException } from '../protocol/messages/errors.ts';

/** Java: `org.apache.kafka.common.errors.TimeoutException`. What was waited for may still happen. */
export class TimeoutException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.TimeoutException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'TIMEOUT', ...details });
  }
}

/**
 * A broker can't be reached or the connection to it ended. `code`: `CONNECTION_REFUSED`, `HOST_UNKNOWN`,
 * `UNREACHABLE`, `NOT_KAFKA`, `DISCONNECTED`. Java: `org.apache.kafka.common.errors.NetworkException`.
 */
export class NetworkException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.NetworkException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'DISCONNECTED', ...details });
  }
}

/** The client can't do that now. Java: `java.lang.IllegalStateException`. */
export class IllegalStateException extends KafkaException {
  override readonly javaClass: string = 'java.lang.IllegalStateException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'ILLEGAL_STATE', ...details });
  }
}

/** The client was closed, before the operation began or while it ran. */
export class ClientClosedException extends IllegalStateException {
  constructor(message: string) {
    super(message, { code: 'CLOSED' });
  }
}

/** Java: `org.apache.kafka.common.errors.RecordTooLargeException`. */
export class RecordTooLargeException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.RecordTooLargeException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'MESSAGE_TOO_LARGE', ...details });
  }
}

/** Records come faster than they leave, and the caller does not wait. Java: `BufferExhaustedException`. */
export class BufferExhaustedException extends TimeoutException {
  override readonly javaClass: string = 'org.apache.kafka.clients.producer.BufferExhaustedException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'BUFFER_EXHAUSTED', ...details });
  }
}

/**
 * Client and broker don't accept each other: trying again won't help until someone changes a setting. Java:
 * `org.apache.kafka.common.errors.AuthenticationException`.
 */
export class AuthenticationException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.AuthenticationException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'AUTHENTICATION_FAILED', ...details });
  }
}

/** Java: `org.apache.kafka.common.errors.SaslAuthenticationException`. */
export class SaslAuthenticationException extends AuthenticationException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.SaslAuthenticationException';
}

/** The broker does not have the mechanism. Java: `org.apache.kafka.common.errors.UnsupportedSaslMechanismException`. */
export class UnsupportedSaslMechanismException extends AuthenticationException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.UnsupportedSaslMechanismException';
}

/** Certificates, or TLS itself. Java: `org.apache.kafka.common.errors.SslAuthenticationException`. */
export class SslAuthenticationException extends AuthenticationException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.SslAuthenticationException';
}

/** Whether the same operation may succeed later. Java: `org.apache.kafka.common.errors.RetriableException`. */
export function isRetriable(error: unknown): boolean {
  if (error instanceof ApiException) return error.retriable;
  return error instanceof NetworkException || error instanceof TimeoutException;
}

/** The member's partitions belong to others. Java: `org.apache.kafka.clients.consumer.CommitFailedException`. */
export class CommitFailedException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.clients.consumer.CommitFailedException';

  constructor(cause?: unknown) {
    super(
      'Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; it is likely that the consumer was kicked out of the group.',
      {
        code: 'COMMIT_FAILED',
        hint: 'The time between two polls was longer than max.poll.interval.ms, or the session ended (session.timeout.ms).',
        cause,
      },
    );
  }
}
