import { ApiException, Errors, errorInfo } from '../../protocol/messages/index.ts';

/** In Kafka's words, which administration tools print. */
export function unknownTopic(): ApiException {
  return new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, errorInfo(Errors.UNKNOWN_TOPIC_OR_PARTITION)?.javaMessage);
}

/** Likewise. */
export function unknownId(): ApiException {
  return new ApiException(Errors.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.');
}
