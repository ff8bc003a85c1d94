import { ApiException, Errors, metadata } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import type { Topic, Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import type { BrokerIdentity } from './broker-identity.ts';
import { partitionOf } from './partition-metadata.ts';

/** Ids came in version 10, but could not be asked by before this one. */
const BY_ID_VERSION = 12;

export interface MetadataOptions {
  autoCreate: boolean;
  numPartitions: number;
}

export const metadataHandler = (topics: Topics, broker: BrokerIdentity, options: MetadataOptions) => {
  const described = (topic: Topic) => ({
    errorCode: Errors.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.isInternal,
    partitions: topic.logs.map((log, index) => partitionOf(log, index, broker.nodeId)),
  });
  const missing = (name: string | null, topicId: string, errorCode: number) => ({
    errorCode,
    name,
    topicId,
    isInternal: false,
    partitions: [],
  });

  const byName = async (name: string, mayCreate: boolean) => {
    const topic = topics.get(name);
    if (topic) return described(topic);
    if (!mayCreate) {
      // A name that can't be is told from one that isn't there.
      return missing(
        name,
        ZERO_UUID,
        isNameError(topics, name) ? Errors.INVALID_TOPIC_EXCEPTION : Errors.UNKNOWN_TOPIC_OR_PARTITION,
      );
    }
    try {
      return described(await topics.create(name, options.numPartitions, new Map()));
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      // Two clients named it at once: the other one's is as good.
      const made = topics.get(name);
      return made ? described(made) : missing(name, ZERO_UUID, error.errorCode);
    }
  };

  return handler<typeof metadata>({
    api: metadata,
    gap: 'A topic that is created by naming it is there in the same answer; Kafka first says LEADER_NOT_AVAILABLE.',
    async handle(request, { version, listener }) {
      const mayCreate = options.autoCreate && request.allowAutoTopicCreation;
      const asked = request.topics === null || (version === 0 && request.topics.length === 0) ? null : request.topics;
      const found = [];
      if (asked === null) {
        found.push(...topics.all().map(described));
      } else {
        for (const { name, topicId } of asked) {
          if (version < BY_ID_VERSION && (name === null || topicId !== ZERO_UUID)) {
            found.push(missing(name ?? '', topicId, Errors.INVALID_REQUEST));
          } else if (name !== null && topicId === ZERO_UUID) {
            found.push(await byName(name, mayCreate));
          } else {
            const topic = topics.byId(topicId);
            found.push(topic ? described(topic) : missing(null, topicId, Errors.UNKNOWN_TOPIC_ID));
          }
        }
      }
      return {
        brokers: [{ nodeId: broker.nodeId, ...listener }],
        clusterId: broker.clusterId,
        controllerId: broker.nodeId,
        topics: found,
      };
    },
  });
};

function isNameError(topics: Topics, name: string): boolean {
  try {
    topics.checkNew(name, 1, new Map());
    return false;
  } catch (error) {
    if (error instanceof ApiException) return error.errorCode === Errors.INVALID_TOPIC_EXCEPTION;
    throw error;
  }
}
