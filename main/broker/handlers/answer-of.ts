import { KafkaException } from '../../../common/errors.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';

/**
 * Error code and message of an operation, for answers that carry one for each thing that was asked. A configuration that
 * can't be is INVALID_CONFIG; anything that is no error of Kafka's is thrown on.
 */
export async function answerOf(
  operation: () => Promise<unknown>,
): Promise<{ errorCode: number; errorMessage: string | null }> {
  try {
    await operation();
    return { errorCode: Errors.NONE, errorMessage: null };
  } catch (error) {
    if (error instanceof ApiException) return { errorCode: error.errorCode, errorMessage: error.message };
    if (error instanceof KafkaException && error.code !== 'UNKNOWN')
      return { errorCode: Errors.INVALID_CONFIG, errorMessage: error.message };
    throw error;
  }
}
