import { Errors, txnOffsetCommit } from '../../protocol/messages/index.ts';
import type { CoordinatorTopic } from '../coordinator/coordinator-topic.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';

export interface TxnOffsetCommitParts {
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly offsets: CoordinatorTopic;
  readonly topics: TopicLookup;
}

/** Offsets that hold when the producer's transaction is committed. */
export const txnOffsetCommitHandler = ({ groups, transactions, offsets, topics }: TxnOffsetCommitParts) =>
  handler<typeof txnOffsetCommit>({
    api: txnOffsetCommit,
    async handle(request) {
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
      const partition = offsets.partitionFor(request.groupId);
      const refused = transactions.verify(request.transactionalId, request, offsets.name, partition);
      const codes =
        refused === Errors.NONE
          ? await groups.commit(request.groupId, request, asked, request)
          : asked.map(() => refused);
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
