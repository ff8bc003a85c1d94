import { ApiException, createTopics, Errors } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { answerOf } from './answer-of.ts';
import { describeTopicConfigs } from './config-entries.ts';

const DEFAULT = -1;

export const createTopicsHandler = (topics: Topics, config: BrokerConfig) =>
  handler<typeof createTopics>({
    api: createTopics,
    gap: 'One replica: a replication factor other than 1 is refused (INVALID_REPLICATION_FACTOR), manual assignments may name this broker alone.',
    async handle(request) {
      const names = request.topics.map(({ name }) => name);
      const answers = [];
      for (const asked of request.topics) {
        const configs = new Map(
          asked.configs.filter(({ value }) => value !== null).map(({ name, value }) => [name, value as string]),
        );
        const count = asked.assignments.length > 0 ? asked.assignments.length : asked.numPartitions;
        const numPartitions = count === DEFAULT ? config.number('num.partitions') : count;
        const answer = await answerOf(async () => {
          if (names.indexOf(asked.name) !== names.lastIndexOf(asked.name)) {
            throw new ApiException(Errors.INVALID_REQUEST, 'Duplicate topic name.');
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
        ? `Unable to replicate the partition ${asked.replicationFactor} time(s): The target replication factor of ${asked.replicationFactor} cannot be reached because only 1 broker(s) are registered.`
        : 'Replication factor must be larger than 0.',
    );
  }
  if (asked.numPartitions !== DEFAULT || asked.replicationFactor !== DEFAULT) {
    throw new ApiException(
      Errors.INVALID_REQUEST,
      'Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot be used at the same time.',
    );
  }
  const indexes = new Set(asked.assignments.map(({ partitionIndex }) => partitionIndex));
  const consecutive = asked.assignments.every((_, i) => indexes.has(i));
  const here = asked.assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === nodeId);
  if (!consecutive || !here) {
    throw new ApiException(
      Errors.INVALID_REPLICA_ASSIGNMENT,
      `Every partition from 0 on has to be assigned to broker ${nodeId}, the only one.`,
    );
  }
}
