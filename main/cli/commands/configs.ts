import type { AddCommand } from '../command-context.ts';
import { addExamples } from '../command-examples.ts';
import { collect, once } from '../kafka-options.ts';
import { addOutputOption } from '../output/output-option.ts';

/** As the option parser has them. */
export interface ConfigsOptions {
  bootstrapServer?: string;
  bootstrapController?: string;
  commandConfig?: string;
  describe?: true;
  alter?: true;
  all?: true;
  entityType?: string[];
  entityName?: string[];
  entityDefault?: true;
  topic?: string;
  broker?: string;
  brokerDefaults?: true;
  brokerLogger?: string;
  group?: string;
  client?: string;
  clientDefaults?: true;
  user?: string;
  userDefaults?: true;
  ip?: string;
  ipDefaults?: true;
  clientMetrics?: string;
  addConfig?: string;
  addConfigFile?: string;
  deleteConfig?: string[];
  output?: 'json';
}

/** `runnel configs`: options and output of `kafka-configs.sh` 4.3, for topics, brokers, broker loggers and groups. */
export const addConfigs: AddCommand = (program, context) => {
  const command = program
    .command('configs')
    .description('Describe or change settings of topics, brokers and groups, as kafka-configs does.')
    .option('--bootstrap-server <server to connect to>', 'REQUIRED: the Kafka server to connect to')
    .option('--bootstrap-controller <controller>', 'not supported: brokers are asked, not controllers')
    .option('--command-config <file>', 'properties file of admin client settings')
    .option('--describe', 'list the settings of an entity')
    .option('--alter', 'change the settings of an entity')
    .option('--all', 'with --describe: all settings, those that nobody set as well')
    .option('--entity-type <type>', 'topics, brokers, broker-loggers or groups', collect)
    .option('--entity-name <name>', 'the name of the topic or group, the id of the broker', collect)
    .option('--entity-default', 'the defaults of all brokers')
    .option('--topic <topic>', 'the name of a topic', once('topic'))
    .option('--broker <id>', 'the id of a broker', once('broker'))
    .option('--broker-defaults', 'the defaults of all brokers')
    .option('--broker-logger <id>', 'the id of a broker whose loggers are meant', once('broker-logger'))
    .option('--group <group>', 'the id of a group', once('group'))
    .option(
      '--add-config <key=value,…>',
      "settings to add; square brackets keep commas: 'k1=v1,k2=[v1,v2,v2],k3=v3'",
      once('add-config'),
    )
    .option('--add-config-file <file>', 'a properties file of settings to add', once('add-config-file'))
    .option('--delete-config <keys>', "settings to remove: 'k1,k2'", collect)
    .option('--client <id>', 'not supported: quotas')
    .option('--client-defaults', 'not supported: quotas')
    .option('--user <name>', 'not supported: quotas and SCRAM credentials')
    .option('--user-defaults', 'not supported: quotas')
    .option('--ip <address>', 'not supported: quotas')
    .option('--ip-defaults', 'not supported: quotas')
    .option('--client-metrics <name>', 'not supported: telemetry')
    .action(async (options: ConfigsOptions) => {
      const { runConfigs } = await import('../configs/run.ts');
      const args = (program as typeof program & { rawArgs: readonly string[] }).rawArgs;
      await runConfigs(options, args.slice(args.indexOf('configs') + 1), context);
    });
  addOutputOption(command, ['json']);
  addExamples(command, [
    ['--bootstrap-server localhost:9092 --describe --topic t --all', 'what holds for the topic, and why'],
    ['--bootstrap-server localhost:9092 --alter --topic t --add-config retention.ms=3600000', 'keep an hour'],
  ]);
};
