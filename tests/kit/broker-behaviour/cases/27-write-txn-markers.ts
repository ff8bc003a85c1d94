import { describeProducers, writeTxnMarkers } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { read } from '../requests.ts';
import { TransactionalProducer } from '../transactional-producer.ts';

interface Marking {
  producerEpoch?: number;
  coordinatorEpoch?: number;
  transactionVersion?: number;
  transactionResult?: boolean;
  version?: number;
  partitions?: number[];
}

/** A producer with an open transaction in partition 0, and how to mark its end there. */
async function open(broker: PlayedBroker) {
  const topic = broker.named('t');
  await broker.topic(topic, 2);
  const producer = await TransactionalProducer.begun(broker);
  await producer.write(topic, 0);
  const { producerId, producerEpoch } = producer.identity;
  const mark = async ({ version = 2, partitions = [0], ...marker }: Marking = {}) => {
    const { markers } = await broker.ask(writeTxnMarkers, version, {
      markers: [
        {
          producerId,
          producerEpoch,
          transactionResult: false,
          coordinatorEpoch: 0,
          ...marker,
          topics: [{ name: topic, partitionIndexes: partitions }],
        },
      ],
    });
    const codes = markers[0]!.topics.flatMap((each) => each.partitions);
    return codes.sort((a, b) => a.partitionIndex - b.partitionIndex).map(({ errorCode }) => errorCode);
  };
  const producers = async () => {
    const { topics } = await broker.ask(describeProducers, 0, { topics: [{ name: topic, partitionIndexes: [0] }] });
    return topics[0]!.partitions[0]!.activeProducers;
  };
  return { topic, producer, mark, producers };
}

export const WRITE_TXN_MARKERS_CASES = casesOf('WriteTxnMarkers', {
  ...Object.fromEntries(
    [1, 2].map((version) => [
      `version ${version}: a transaction that hangs is aborted in a partition`,
      async (broker: PlayedBroker) => {
        const { topic, mark, producers } = await open(broker);
        return [await mark({ version }), await producers(), await read(broker, topic, {}, { isolationLevel: 1 })];
      },
    ]),
  ),
  'a transaction is committed in a partition': async (broker) => {
    const { topic, mark } = await open(broker);
    return [await mark({ transactionResult: true }), await read(broker, topic, {}, { isolationLevel: 1 })];
  },
  'a partition that is not there, beside one that is': async (broker) =>
    (await open(broker)).mark({ partitions: [0, 7] }),
  'a partition that the producer never wrote to': async (broker) => (await open(broker)).mark({ partitions: [1] }),
  twice: async (broker) => {
    const { mark } = await open(broker);
    return [await mark(), await mark()];
  },
  'an older epoch of the producer is refused': async (broker) => {
    const { mark } = await open(broker);
    return [await mark({ producerEpoch: 3 }), await mark({ producerEpoch: 2 })];
  },
  'transactions of version 2 are ended under the next epoch': async (broker) => {
    const { mark, producers } = await open(broker);
    const ended = { producerEpoch: 1, transactionVersion: 2 };
    return [await mark({ transactionVersion: 2 }), await mark(ended), await mark(ended), await producers()];
  },
  'an older epoch of the coordinator is refused': async (broker) => {
    const { mark, producers } = await open(broker);
    return [await mark({ coordinatorEpoch: 5 }), await mark({ coordinatorEpoch: 4 }), await producers()];
  },
  'no markers': (broker) => broker.ask(writeTxnMarkers, 2, { markers: [] }),
});
