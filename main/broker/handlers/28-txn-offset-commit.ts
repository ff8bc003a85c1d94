import { Errors, type TxnOffsetCommitRequest, txnOffsetCommit } from '../../protocol/messages/index.ts';
import type { CoordinatorTopic } from '../coordinator/coordinator-topic.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';
import { writeError } from './transaction-error.ts';

const ABORTABLE_VERSION = 4;
/** From it on the offsets are part of the transaction without AddOffsetsToTxn. */
const IMPLICIT_VERSION = 5;

export interface TxnOffsetCommitParts {
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly offsets: CoordinatorTopic;
  readonly topics: TopicLookup;
}

function memberOf({ memberId, groupInstanceId, generationId }: TxnOffsetCommitRequest) {
  return { memberId, groupInstanceId, generationId };
}

/** Offsets that hold when the producer's transaction is committed. */
export const txnOffsetCommitHandler = ({ groups, transactions, offsets, topics }: TxnOffsetCommitParts) => {
  const refusal = async (request: TxnOffsetCommitRequest, version: number): Promise<number> => {
    const { transactionalId, groupId } = request;
    const partition = { topic: offsets.name, partition: offsets.partitionFor(groupId) };
    if (version < IMPLICIT_VERSION) {
      return transactions.verify(transactionalId, request, partition.topic, partition.partition);
    }
    if (!(await offsets.isThere())) return Errors.COORDINATOR_NOT_AVAILABLE;
    return transactions.addPartitions(transactionalId, request, [partition], 2);
  };
  return handler<typeof txnOffsetCommit>({
    api: txnOffsetCommit,
    async handle(request, { version }) {
      const asked = request.topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ partitionIndex }) => partitionIndex < (topics.partitionCount(name) ?? 0))
          .map((partition) => ({
            topic: name,
            partition: partition.partitionIndex,
            offset: partition.committedOffset,
            leaderEpoch: partition.committedLeaderEpoch,
            metadata: partition.committedMetadata,
          })),
      );
      const refused = await refusal(request, version);
      const codes =
        refused === Errors.NONE
          ? await groups.commit(request.groupId, memberOf(request), asked, request)
          : asked.map(() => writeError(refused, version >= ABORTABLE_VERSION));
      const answers = new Map(asked.map(({ topic, partition }, i) => [`${partition} ${topic}`, codes[i] as number]));
      return {
        topics: request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode: answers.get(`${partitionIndex} ${name}`) ?? Errors.UNKNOWN_TOPIC_OR_PARTITION,
          })),
        })),
      };
    },
  });
};
