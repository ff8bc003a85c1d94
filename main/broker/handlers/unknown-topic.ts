import { ApiException, Errors } from '../../protocol/messages/index.ts';

/** In Kafka's words, which administration tools print. */
export function unknownTopic(): ApiException {
  return new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
}

/** Likewise. */
export function unknownId(): ApiException {
  return new ApiException(Errors.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.');
}
