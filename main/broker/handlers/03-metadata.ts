import { ApiException, Errors, type MetadataRequest, metadata } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import { isTopicName } from '../metadata/topic-names.ts';
import type { Topic, Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from './authorized-operations.ts';
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
        isTopicName(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION,
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
      if (version < BY_ID_VERSION && asked?.some(isWithoutName)) {
        const refused = asked.map(({ name, topicId }) => missing(name ?? '', topicId, Errors.INVALID_REQUEST));
        return { brokers: [], clusterId: null, controllerId: -1, topics: refused };
      }
      const found = [];
      if (asked === null) {
        found.push(...topics.all().map(described));
      } else {
        for (const { name, topicId } of withoutDoubles(asked)) {
          if (name !== null && topicId === ZERO_UUID) {
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
        topics: request.includeTopicAuthorizedOperations
          ? found.map((topic) => ({ ...topic, topicAuthorizedOperations: TOPIC_OPERATIONS }))
          : found,
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
      };
    },
  });
};

type AskedTopic = MetadataRequest['topics'] extends readonly (infer T)[] | null ? T : never;

/** By an id, which could not be asked by at that time. */
function isWithoutName({ name, topicId }: AskedTopic): boolean {
  return name === null || topicId !== ZERO_UUID;
}

function withoutDoubles(asked: readonly AskedTopic[]): Iterable<AskedTopic> {
  return new Map(asked.map((each) => [`${each.name ?? ''}/${each.topicId}`, each])).values();
}
