import { KafkaException } from '../../../common/errors.ts';
import { type CommandContext, sentenceOf } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { WorkerUnreachableException } from './connect-errors.ts';

/** Does it for each, one after another. What is refused for one is said, makes the exit code 1, and the others follow. */
export async function forEachConnector<T extends { name: string }>(
  connectors: readonly T[],
  context: CommandContext,
  act: (connector: T) => Promise<void>,
): Promise<void> {
  for (const connector of connectors) {
    try {
      await act(connector);
    } catch (error) {
      if (!(error instanceof KafkaException) || error instanceof WorkerUnreachableException) throw error;
      const sentence = sentenceOf(error);
      const namesIt = sentence.startsWith(`${connector.name} `) || sentence.startsWith(`Connector ${connector.name} `);
      context.tell(namesIt ? sentence : `${connector.name}: ${sentence}`);
      context.setExitCode(EXIT.failed);
    }
  }
}
