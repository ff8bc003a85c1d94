import { KafkaException } from '../../common/errors.ts';
import { ApiException, type ErrorName, errorInfo } from '../protocol/messages/errors.ts';
import { type CommandContext, sentenceOf } from './command-context.ts';

/**
 * What Kafka's tools print for an error that a broker answered with its number alone: scripts look for these. For the
 * others our own sentence stands. Java: `org.apache.kafka.common.protocol.Errors`.
 */
const SENTENCES: Partial<Record<ErrorName, string>> = {
  OFFSET_OUT_OF_RANGE: 'The requested offset is not within the range of offsets maintained by the server.',
  UNKNOWN_TOPIC_OR_PARTITION: 'This server does not host this topic-partition.',
  LEADER_NOT_AVAILABLE: 'There is no leader for this topic-partition as we are in the middle of a leadership election.',
  COORDINATOR_NOT_AVAILABLE: 'The coordinator is not available.',
  INVALID_TOPIC_EXCEPTION: 'The request attempted to perform an operation on an invalid topic.',
  INVALID_GROUP_ID: 'The group id is invalid.',
  UNKNOWN_MEMBER_ID: 'The coordinator is not aware of this member.',
  TOPIC_AUTHORIZATION_FAILED: 'Topic authorization failed.',
  GROUP_AUTHORIZATION_FAILED: 'Group authorization failed.',
  CLUSTER_AUTHORIZATION_FAILED: 'Cluster authorization failed.',
  TOPIC_ALREADY_EXISTS: 'Topic with this name already exists.',
  INVALID_CONFIG: 'Configuration is invalid.',
  POLICY_VIOLATION: 'Request parameters do not satisfy the configured policy.',
  NON_EMPTY_GROUP: 'The group is not empty.',
  GROUP_ID_NOT_FOUND: 'The group id does not exist.',
  GROUP_SUBSCRIBED_TO_TOPIC:
    'Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.',
};

/** Whether there is no broker to talk to: that is told as everywhere, with the cure, not as an answer of Kafka's. */
export function isUnreachable(error: unknown): boolean {
  return !(error instanceof KafkaException) || error.javaClass.endsWith('.NetworkException');
}

/** What Java's `Throwable.toString()` has: the class and its sentence. */
export function javaText(error: KafkaException): string {
  return `${error.javaClass}: ${javaMessage(error)}`;
}

/** The broker's own words where it had some, else the sentence of Kafka's tools. */
export function javaMessage(error: KafkaException): string {
  if (!(error instanceof ApiException)) return error.message;
  const info = errorInfo(error.errorCode);
  // Of a topic that is not there our client says more than the broker, which has no words for it.
  const hasWords = info === undefined || (error.message !== info.message && info.name !== 'UNKNOWN_TOPIC_OR_PARTITION');
  return hasWords ? error.message : (SENTENCES[info.name] ?? error.message);
}

/** The Java class, the sentence, and what can be done about it: for standard error. */
export function tellError({ tell }: CommandContext, error: KafkaException): void {
  tell(`${error.javaClass}: ${sentenceOf(error)}`);
}
