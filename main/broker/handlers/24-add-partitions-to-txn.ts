import { type AddPartitionsToTxnRequest, addPartitionsToTxn, Errors } from '../../protocol/messages/index.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';
import { transactionError } from './transaction-error.ts';

type AskedTopics = AddPartitionsToTxnRequest['transactions'][number]['topics'];

interface Asked {
  transactionalId: string;
  producerId: bigint;
  producerEpoch: number;
  verifyOnly: boolean;
  topics: AskedTopics;
}

/** Before a producer writes to partitions within its transaction. */
export const addPartitionsToTxnHandler = (transactions: TransactionCoordinator, topics: TopicLookup) => {
  const codesOf = async (asked: Asked, version: number): Promise<(topic: string, partition: number) => number> => {
    const partitions = asked.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({ topic: name, partition })),
    );
    if (asked.verifyOnly) {
      return (topic, partition) => transactions.verify(asked.transactionalId, asked, topic, partition);
    }
    const isThere = (topic: string, partition: number) => partition < (topics.partitionCount(topic) ?? 0);
    if (partitions.some(({ topic, partition }) => !isThere(topic, partition))) {
      // All or nothing.
      return (topic, partition) =>
        isThere(topic, partition) ? Errors.OPERATION_NOT_ATTEMPTED : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    // From version 4 on it is brokers who ask, for producers that leave it to them.
    const code = await transactions.addPartitions(asked.transactionalId, asked, partitions, version >= 4 ? 2 : 0);
    return () => transactionError(code, version, 2);
  };
  const results = async (asked: Asked, version: number) => {
    const code = await codesOf(asked, version);
    return asked.topics.map(({ name, partitions }) => ({
      name,
      resultsByPartition: partitions.map((partitionIndex) => ({
        partitionIndex,
        partitionErrorCode: code(name, partitionIndex),
      })),
    }));
  };
  return handler<typeof addPartitionsToTxn>({
    api: addPartitionsToTxn,
    async handle(request, { version }) {
      if (version >= 4) {
        const resultsByTransaction = [];
        for (const asked of request.transactions) {
          const topicResults = await results(asked, version);
          resultsByTransaction.push({ transactionalId: asked.transactionalId, topicResults });
        }
        return { errorCode: Errors.NONE, resultsByTransaction };
      }
      const asked = {
        transactionalId: request.v3AndBelowTransactionalId,
        producerId: request.v3AndBelowProducerId,
        producerEpoch: request.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: request.v3AndBelowTopics,
      };
      return { resultsByTopicV3AndBelow: await results(asked, version) };
    },
  });
};
