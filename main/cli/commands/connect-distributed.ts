import type { AddCommand } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';

/** `runnel connect-distributed`: there is no cluster of workers here, and what to do instead is said. */
export const addConnectDistributed: AddCommand = (program, context) => {
  program
    .command('connect-distributed')
    .description('Not there: a worker of Runnel is alone. Says how to run the same connectors on it.')
    .argument('[arguments...]', 'the worker.properties of a distributed worker')
    .allowUnknownOption()
    .action((given: string[]) => {
      const file = given.find((argument) => !argument.startsWith('-')) ?? 'worker.properties';
      context.tell(
        `Runnel's worker is standalone, it joins no Connect cluster. Its connectors run with: ` +
          `runnel connect-standalone ${file} connector.json … (the same file will do, with ` +
          'offset.storage.file.filename=… added to it; settings of a cluster have no effect). ' +
          'Connectors of a cluster can be had as files: curl http://HOST:8083/connectors/NAME > NAME.json',
      );
      context.setExitCode(EXIT.failed);
    });
};
