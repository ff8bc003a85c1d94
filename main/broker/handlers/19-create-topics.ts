import { ApiException, createTopics, Errors } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { METADATA_TOPIC } from '../metadata/metadata-log.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { answerOf } from './answer-of.ts';
import { describeTopicConfigs } from './config-entries.ts';
import { checkAssignments } from './manual-assignment.ts';

const DEFAULT = -1;
const REFUSED = { errorCode: Errors.INVALID_REQUEST, numPartitions: -1, replicationFactor: -1, configs: [] };

export const createTopicsHandler = (topics: Topics, config: BrokerConfig) =>
  handler<typeof createTopics>({
    api: createTopics,
    gap: 'One replica: a replication factor other than 1 is refused (INVALID_REPLICATION_FACTOR), manual assignments may name this broker alone.',
    async handle(request) {
      const names = request.topics.map(({ name }) => name);
      const doubles = new Set(names.filter((name, i) => names.indexOf(name) !== i));
      const answers = [];
      for (const asked of request.topics) {
        if (doubles.has(asked.name)) continue;
        const configs = new Map(
          asked.configs.filter(({ value }) => value !== null).map(({ name, value }) => [name, value as string]),
        );
        const count = asked.assignments.length > 0 ? asked.assignments.length : asked.numPartitions;
        const numPartitions = count === DEFAULT ? config.number('num.partitions') : count;
        const answer = await answerOf(async () => {
          if (asked.name === METADATA_TOPIC) {
            throw new ApiException(Errors.INVALID_REQUEST, `Creation of internal topic ${asked.name} is prohibited.`);
          }
          for (const { name, value } of asked.configs) {
            if (value !== null) continue;
            throw new ApiException(Errors.INVALID_CONFIG, `Null value not supported for topic configs: ${name}`);
          }
          checkReplication(asked, config.number('node.id'));
          if (request.validateOnly) topics.checkNew(asked.name, numPartitions, configs);
          else await topics.create(asked.name, numPartitions, configs);
        });
        const made = answer.errorCode === Errors.NONE;
        answers.push({
          name: asked.name,
          topicId: (made && topics.get(asked.name)?.id) || ZERO_UUID,
          ...answer,
          numPartitions: made ? numPartitions : -1,
          replicationFactor: made ? 1 : -1,
          configs: made
            ? describeTopicConfigs(config, configs).map(({ name, value, source }) => ({
                name,
                value,
                readOnly: false,
                configSource: source,
                isSensitive: false,
              }))
            : [],
        });
      }
      for (const name of doubles) {
        answers.push({ name, topicId: ZERO_UUID, ...REFUSED, errorMessage: 'Duplicate topic name.' });
      }
      return { topics: answers };
    },
  });

function checkReplication(
  asked: {
    numPartitions: number;
    replicationFactor: number;
    assignments: readonly { partitionIndex: number; brokerIds: readonly number[] }[];
  },
  nodeId: number,
): void {
  if (asked.assignments.length === 0) {
    if (asked.replicationFactor === DEFAULT || asked.replicationFactor === 1) return;
    throw new ApiException(
      Errors.INVALID_REPLICATION_FACTOR,
      asked.replicationFactor > 1
        ? `Unable to replicate the partition ${asked.replicationFactor} time(s): The target replication factor of ${asked.replicationFactor} cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.`
        : 'Replication factor must be larger than 0, or -1 to use the default value.',
    );
  }
  const refuse = (what: string): never => {
    throw new ApiException(
      Errors.INVALID_REQUEST,
      `A manual partition assignment was specified, but ${what} was not set to -1.`,
    );
  };
  if (asked.replicationFactor !== DEFAULT) refuse('replication factor');
  if (asked.numPartitions !== DEFAULT) refuse('numPartitions');
  checkAssignments(asked.assignments, nodeId);
}
