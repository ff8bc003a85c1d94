import { RUNNEL_VERSION } from '../../../common/version.ts';
import type { AddCommand } from '../command-context.ts';

/** `runnel version` */
export const addVersion: AddCommand = (program, context) => {
  program
    .command('version')
    .description('Print the version of Runnel and of what it runs on.')
    .action(async () => {
      await context.write(
        `Runnel ${RUNNEL_VERSION} (Node ${process.versions.node}, ${process.platform}-${process.arch})\n`,
      );
    });
};
