import { KafkaException } from '../../common/errors.ts';
import { ApiException, errorInfo } from '../protocol/messages/errors.ts';
import { type CommandContext, sentenceOf } from './command-context.ts';

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
  return hasWords ? error.message : info.javaMessage;
}

/** The Java class, the sentence, and what can be done about it: for standard error. */
export function tellError({ tell }: CommandContext, error: KafkaException): void {
  tell(`${error.javaClass}: ${sentenceOf(error)}`);
}
