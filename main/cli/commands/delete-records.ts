import type { AddCommand } from '../command-context.ts';

/** As the option parser has them. */
export interface DeleteRecordsOptions {
  bootstrapServer?: string;
  commandConfig?: string;
  offsetJsonFile?: string;
}

/** `runnel delete-records`: options and output of `kafka-delete-records.sh` 4.3. */
export const addDeleteRecords: AddCommand = (program, context) => {
  program
    .command('delete-records')
    .description('Delete the records of partitions that are before given offsets, as kafka-delete-records does.')
    .option('--bootstrap-server <server to connect to>', 'REQUIRED: the Kafka server to connect to')
    .option('--command-config <file>', 'properties file of admin client settings')
    .option('--offset-json-file <file>', 'REQUIRED: JSON that says what stays; offset -1 deletes everything')
    .addHelpText(
      'after',
      `
The file:
  {"partitions": [{"topic": "foo", "partition": 1, "offset": 1}], "version": 1}`,
    )
    .action(async (options: DeleteRecordsOptions) => {
      const { runDeleteRecords } = await import('../delete-records/run.ts');
      await runDeleteRecords(options, context);
    });
};
