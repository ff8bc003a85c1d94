import { type ErrorDetails, KafkaException } from '../../common/errors.ts';

/** Bytes that are not what the message's table says: too short, a length that lies, trailing bytes. */
export class SchemaException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.protocol.types.SchemaException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'SCHEMA', ...details });
  }

  /** The same error with the name of the field around it in front: `topics.partitions.index: …`. */
  inField(name: string): SchemaException {
    const message = this.key === undefined ? this.message : this.message.slice(this.key.length + 2);
    const key = this.key === undefined ? name : `${name}.${this.key}`;
    return new SchemaException(`${key}: ${message}`, { key, cause: this.cause });
  }
}

/** A request that can't be parsed. Kafka closes the connection, as nothing after it can be trusted. */
export class InvalidRequestException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.InvalidRequestException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'INVALID_REQUEST', ...details });
  }
}

/** An API key or version that the tables don't know. */
export class UnsupportedVersionException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.UnsupportedVersionException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'UNSUPPORTED_VERSION', ...details });
  }
}

/** A frame whose size can't be right: negative or over the limit. The stream has no way back from it. */
export class InvalidReceiveException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.network.InvalidReceiveException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'INVALID_RECEIVE', ...details });
  }
}

/** A record batch that fails its CRC or contradicts itself. */
export class CorruptRecordException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.CorruptRecordException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'CORRUPT_MESSAGE', ...details });
  }
}

/** Records that take more than the limit once decompressed: nothing beyond the limit was kept. */
export class RecordBatchTooLargeException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.RecordBatchTooLargeException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'RECORD_LIST_TOO_LARGE', ...details });
  }
}

/** Message sets of magic 0 and 1: no client since Kafka 0.11 sends them, Kafka 4 refuses them too. */
export class UnsupportedForMessageFormatException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.UnsupportedForMessageFormatException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'UNSUPPORTED_FOR_MESSAGE_FORMAT', ...details });
  }
}

export class UnsupportedCompressionTypeException extends KafkaException {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.UnsupportedCompressionTypeException';

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'UNSUPPORTED_COMPRESSION_TYPE', ...details });
  }
}
