import { addPartitionsToTxn, Errors, initProducerId, produce } from '../../../../main/protocol/messages/index.ts';
import type { CompressionType } from '../../../../main/protocol/records/compression/compression-type.ts';
import { encodeRecordBatch } from '../../../../main/protocol/records/encode-records.ts';
import { BatchLayout } from '../../../../main/protocol/records/record-batch.ts';
import { casesOf, differing, type Play, WORDS } from '../behaviour.ts';
import { CLOSED, type PlayedBroker } from '../played-broker.ts';
import { batch, changed, keyed, read, THEN, write } from '../requests.ts';

const CODECS: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** Writes to a topic of its own and says what was answered and what is there afterwards. */
const writing =
  (
    records: (broker: PlayedBroker) => Buffer | null,
    over: Parameters<typeof write>[3] & { configs?: Record<string, string> } = {},
  ) =>
  async (broker: PlayedBroker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, over.configs ?? {});
    const answer = await write(broker, topic, records(broker), over);
    return { answer, read: await read(broker, topic) };
  };

/** An error without a sentence is meant to have one. */
function withWords(kafka: unknown): unknown {
  if (Array.isArray(kafka)) return kafka.map(withWords);
  if (typeof kafka !== 'object' || kafka === null) return kafka;
  const entries = Object.entries(kafka).map(([key, value]) => [key, withWords(value)] as const);
  const { errorCode, errorMessage } = kafka as { errorCode?: number; errorMessage?: string | null };
  const isWordless = errorMessage === null && !!errorCode && errorCode !== Errors.UNKNOWN_TOPIC_OR_PARTITION;
  return Object.fromEntries(isWordless ? [...entries, ['errorMessage', WORDS]] : entries);
}

/** What is wrong is said in a sentence. */
const worded = (play: Play<unknown>) =>
  differing(play, {
    sandbox: withWords,
    why: 'What is wrong with a batch is said in a sentence; most of Kafka’s errors have none.',
  });

/** Refused with this code and a sentence, where Kafka answers UNKNOWN_SERVER_ERROR. */
const unpackable = (errorCode: number, play: ReturnType<typeof writing>) =>
  differing(play, {
    sandbox: ({ answer, read: seen }) => ({ answer: { ...answer, errorCode, errorMessage: WORDS }, read: seen }),
    why: 'Records that can’t be unpacked are refused as UNSUPPORTED_COMPRESSION_TYPE or INVALID_RECORD; Kafka’s answer is UNKNOWN_SERVER_ERROR.',
  });

export const PRODUCE_CASES = casesOf('Produce', {
  'acks=all answers with the offset of the first record': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    return [await write(broker, topic, batch(['a', 'b'])), await write(broker, topic, batch(['c']))];
  },
  'acks=1 is answered alike': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    const answer = await write(broker, topic, batch(['a']), { acks: 1 });
    const seen = await broker.until(
      () => read(broker, topic),
      ({ highWatermark }) => highWatermark === 1n,
    );
    return { answer, seen };
  },
  'acks=0 is not answered, and the next answer is that of the next request': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    const client = await broker.client();
    const body = (value: string, acks: number) => ({
      acks,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records: batch([value]) }] }],
    });
    client.tell(produce, 9, body('a', 0));
    return client.request(produce, 9, body('b', -1));
  },
  'acks=0 with an error ends the connection': async (broker) => {
    const client = await broker.client();
    client.tell(produce, 9, {
      acks: 0,
      timeoutMs: 30_000,
      topicData: [{ name: broker.named('t'), partitionData: [{ index: 0, records: batch(['x']) }] }],
    });
    await client.closed;
    return 'closed';
  },
  'acks=2 can’t be': writing(() => batch(['a']), { acks: 2 }),
  'acks=-2 can’t be': writing(() => batch(['a']), { acks: -2 }),
  'several partitions have an answer each, whatever is wrong with one': worded(async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 3);
    const { responses } = await broker.ask(produce, 9, {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [
        {
          name: topic,
          partitionData: [
            { index: 2, records: batch(['x']) },
            { index: 7, records: batch(['x']) },
            {
              index: 0,
              records: changed(batch(['long enough']), (b) => void b.writeInt32BE(9, BatchLayout.recordCount)),
            },
          ],
        },
      ],
    });
    return responses[0]!.partitionResponses.sort((a, b) => a.index - b.index);
  }),
  'a topic that is not there': async (broker) => write(broker, broker.named('none'), batch(['x'])),
  'a negative partition': writing(() => batch(['x']), { partition: -1 }),
  'a topic whose name can’t be': async (broker) => write(broker, '../etc', batch(['x'])),
  'the same partition twice in a request': differing(
    async (broker) => {
      const topic = broker.named('t');
      await broker.topic(topic);
      return broker.askOrClosed(produce, 9, {
        acks: -1,
        timeoutMs: 30_000,
        topicData: [
          {
            name: topic,
            partitionData: [
              { index: 0, records: batch(['a']) },
              { index: 0, records: batch(['b']) },
            ],
          },
        ],
      });
    },
    {
      sandbox: (kafka) => {
        if (kafka === CLOSED) return kafka;
        const [first] = kafka.responses[0]!.partitionResponses;
        return {
          ...kafka,
          responses: [{ ...kafka.responses[0]!, partitionResponses: [first, { ...first, baseOffset: 1n }] }],
        };
      },
      why: 'Both batches of a partition that is named twice are written; Kafka writes one and does not tell.',
    },
  ),
  'a request without topics': (broker) => broker.ask(produce, 9, { acks: -1, timeoutMs: 1000, topicData: [] }),
  'by topic id': async (broker) => {
    const topic = broker.named('t');
    const { topicId } = await broker.topic(topic);
    return broker.ask(produce, 13, {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [
        {
          topicId,
          partitionData: [
            { index: 0, records: batch(['x']) },
            { index: 4, records: batch(['x']) },
          ],
        },
      ],
    });
  },
  'by a topic id that is nobody’s': (broker) =>
    broker.ask(produce, 13, {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ topicId: 'AAAAAAAAAAAAAAAAAAABBw', partitionData: [{ index: 0, records: batch(['x']) }] }],
    }),
  'by the id of a topic that was deleted and made again': async (broker) => {
    const topic = broker.named('t');
    const { topicId } = await broker.topic(topic);
    await broker.deleteTopic(topic);
    await broker.topic(topic);
    return broker.ask(produce, 13, {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ topicId, partitionData: [{ index: 0, records: batch(['x']) }] }],
    });
  },
  ...Object.fromEntries(
    [0, 1, 2].map((version) => [
      `version ${version} is announced and refused`,
      async (broker: PlayedBroker) => {
        const client = await broker.client();
        // No table has these versions: the header and the first fields are written by hand.
        const frame = Buffer.alloc(24);
        frame.writeInt32BE(20, 0);
        frame.writeInt16BE(0, 4);
        frame.writeInt16BE(version, 6);
        frame.writeInt32BE(7, 8);
        frame.writeInt16BE(-1, 12);
        frame.writeInt16BE(1, 14);
        frame.writeInt32BE(1000, 16);
        client.send(frame);
        await client.closed;
        return client.strays;
      },
    ]),
  ),

  'an empty record set': worded(writing(() => Buffer.alloc(0))),
  'bytes that are no batch': writing(() => Buffer.from('these are no records')),
  'a batch that is cut short': worded(writing(() => batch(['abcdefghij']).subarray(0, 65))),
  'a header that is cut short': worded(writing(() => batch(['abcdefghij']).subarray(0, 40))),
  'a batch with a wrong CRC': worded(
    writing(() => {
      const records = batch(['a long enough value']);
      records[70]! ^= 1;
      return records;
    }),
  ),
  'magic 0': worded(
    writing(() => {
      const records = batch(['a long enough value']);
      records[BatchLayout.magic] = 0;
      return records;
    }),
  ),
  'magic 1': worded(
    writing(() => {
      const records = batch(['a long enough value']);
      records[BatchLayout.magic] = 1;
      return records;
    }),
  ),
  'magic 3': writing(() => {
    const records = batch(['a long enough value']);
    records[BatchLayout.magic] = 3;
    return records;
  }),
  'a length beyond the batch': worded(
    writing(() => {
      const records = batch(['a long enough value']);
      records.writeInt32BE(1_000_000, BatchLayout.batchLength);
      return records;
    }),
  ),
  'a length below the batch': worded(
    writing(() => {
      const records = batch(['a long enough value']);
      records.writeInt32BE(records.length - 12 - 4, BatchLayout.batchLength);
      return records;
    }),
  ),
  'a length below any batch': writing(() => {
    const records = batch(['a long enough value']);
    records.writeInt32BE(3, BatchLayout.batchLength);
    return records;
  }),
  'a negative length': writing(() => {
    const records = batch(['a long enough value']);
    records.writeInt32BE(-5, BatchLayout.batchLength);
    return records;
  }),
  'two batches': worded(writing(() => Buffer.concat([batch(['a']), batch(['b'])]))),
  'a batch with bytes behind it': writing(() => Buffer.concat([batch(['a']), Buffer.from('more')])),
  'a batch that claims more records than it has': worded(
    writing(() =>
      changed(batch(['a', 'b']), (b) => {
        b.writeInt32BE(3, BatchLayout.recordCount);
        b.writeInt32BE(2, BatchLayout.lastOffsetDelta);
      }),
    ),
  ),
  'a batch that claims fewer records than it has': worded(
    writing(() =>
      changed(batch(['a', 'b', 'c']), (b) => {
        b.writeInt32BE(2, BatchLayout.recordCount);
        b.writeInt32BE(1, BatchLayout.lastOffsetDelta);
      }),
    ),
  ),
  'a batch whose record count is zero': worded(
    writing(() =>
      changed(batch(['a']), (b) => {
        b.writeInt32BE(0, BatchLayout.recordCount);
      }),
    ),
  ),
  'a batch whose record count is negative': worded(
    writing(() =>
      changed(batch(['a']), (b) => {
        b.writeInt32BE(-1, BatchLayout.recordCount);
      }),
    ),
  ),
  'a batch whose last offset does not fit its count': worded(
    writing(() =>
      changed(batch(['a', 'b']), (b) => {
        b.writeInt32BE(5, BatchLayout.lastOffsetDelta);
      }),
    ),
  ),
  'a batch whose base offset is not zero': worded(writing(() => batch(['a', 'b'], { baseOffset: 17n }))),
  'records with gaps in their offsets': writing(() =>
    changed(batch(['a', 'b']), (b) => {
      // The second record: length, attributes, timestamp delta, then its offset delta.
      b[61 + 9 + 2] = 4;
    }),
  ),
  'a leader epoch of the client’s is replaced': writing(() => batch(['a'], { partitionLeaderEpoch: 9 })),
  'a control batch': worded(
    writing(() => batch(['a'], { control: true, producerId: 1n, producerEpoch: 0, baseSequence: 0 })),
  ),
  'a transactional batch without a producer id': writing(() => batch(['a'], { transactional: true })),
  'a producer id without a sequence': worded(
    writing(() => batch(['a'], { producerId: 12n, producerEpoch: 0, baseSequence: -1 })),
  ),
  'a producer id with a negative epoch': differing(
    writing(() => batch(['a'], { producerId: 12n, producerEpoch: -1, baseSequence: 0 })),
    {
      sandbox: ({ answer, read: seen }) => ({
        answer: { ...answer, errorCode: Errors.INVALID_RECORD, baseOffset: -1n, errorMessage: WORDS },
        read: { ...seen, highWatermark: 0n, lastStableOffset: 0n, records: [] },
      }),
      why: 'A batch with a producer id and a negative epoch is refused; Kafka writes it.',
    },
  ),
  'a batch that says it has the broker’s time': writing(() => batch(['a'], { logAppendTime: 1_700_000_000_000n })),
  'unused attributes of a batch': writing(() =>
    changed(batch(['a']), (b) => {
      b.writeUInt16BE(0x0100, BatchLayout.attributes);
    }),
  ),
  'the compression that nobody has': unpackable(
    Errors.UNSUPPORTED_COMPRESSION_TYPE,
    writing(() =>
      changed(batch(['a']), (b) => {
        b.writeUInt16BE(6, BatchLayout.attributes);
      }),
    ),
  ),
  'headers come back in order, doubles, nulls and bytes that are no text too': writing(() =>
    encodeRecordBatch([
      {
        timestamp: THEN,
        key: null,
        value: null,
        headers: [
          { key: Buffer.from('b'), value: Buffer.from('1') },
          { key: Buffer.from('a'), value: null },
          { key: Buffer.from('b'), value: Buffer.from([0, 255]) },
          { key: Buffer.alloc(0), value: Buffer.alloc(0) },
        ],
      },
    ]),
  ),
  'a null key and a null value': writing(() => keyed([[null, null]])),

  ...Object.fromEntries(
    CODECS.flatMap((codec) => [
      [
        `a batch compressed by ${codec} is kept as it is`,
        writing(() => batch(['x'.repeat(200), 'y'], { compression: codec })),
      ],
      [
        `a topic with compression.type=${codec === 'none' ? 'uncompressed' : codec} packs what comes uncompressed`,
        writing(() => batch(['x'.repeat(300), 'y']), {
          configs: { 'compression.type': codec === 'none' ? 'uncompressed' : codec },
        }),
      ],
      [
        `such a topic with ${codec} packs anew what comes by another codec`,
        writing(() => batch(['x'.repeat(300), 'y'], { compression: codec === 'gzip' ? 'lz4' : 'gzip' }), {
          configs: { 'compression.type': codec === 'none' ? 'uncompressed' : codec },
        }),
      ],
    ]),
  ),
  'zstd in version 6': writing(() => batch(['x'], { compression: 'zstd' }), { version: 6 }),
  'zstd in version 7': writing(() => batch(['x'], { compression: 'zstd' }), { version: 7 }),
  'gzip that is none': unpackable(
    Errors.INVALID_RECORD,
    writing(() =>
      changed(batch(['some value']), (b) => {
        b.writeUInt16BE(1, BatchLayout.attributes);
      }),
    ),
  ),
  'gzip that is none, to a compacted topic': unpackable(
    Errors.INVALID_RECORD,
    writing(
      () =>
        changed(keyed([['k', 'some value']]), (b) => {
          b.writeUInt16BE(1, BatchLayout.attributes);
        }),
      { configs: { 'cleanup.policy': 'compact' } },
    ),
  ),
  'a compressed batch that claims more records than it has': worded(
    writing(() =>
      changed(batch(['a', 'b'], { compression: 'gzip' }), (b) => {
        b.writeInt32BE(3, BatchLayout.recordCount);
        b.writeInt32BE(2, BatchLayout.lastOffsetDelta);
      }),
    ),
  ),
  'a batch larger than max.message.bytes': worded(
    writing(() => batch(['x'.repeat(500)]), {
      configs: { 'max.message.bytes': '300' },
    }),
  ),
  'a batch just as large as max.message.bytes': writing(() => batch(['x'.repeat(100)]), {
    configs: { 'max.message.bytes': `${batch(['x'.repeat(100)]).length}` },
  }),
  'a batch that is small enough when compressed': writing(() => batch(['x'.repeat(5000)], { compression: 'gzip' }), {
    configs: { 'max.message.bytes': '300' },
  }),
  'a batch that is too large when unpacked for the topic': worded(
    writing(() => batch(['x'.repeat(5000)], { compression: 'gzip' }), {
      configs: { 'max.message.bytes': '300', 'compression.type': 'uncompressed' },
    }),
  ),
  'records without a key are named by a compacted topic': writing(
    () =>
      keyed([
        ['a', '1'],
        [null, '2'],
        ['c', '3'],
        [null, '4'],
      ]),
    {
      configs: { 'cleanup.policy': 'compact' },
    },
  ),
  'the same in version 7, which has no record errors': writing(
    () =>
      keyed([
        ['a', '1'],
        [null, '2'],
      ]),
    {
      configs: { 'cleanup.policy': 'compact' },
      version: 7,
    },
  ),
  'records without a key in a compressed batch to a compacted topic': writing(
    () => keyed([[null, '1']], { compression: 'gzip' }),
    { configs: { 'cleanup.policy': 'compact' } },
  ),
  'a tombstone to a compacted topic': writing(() => keyed([['a', null]]), { configs: { 'cleanup.policy': 'compact' } }),

  'a timestamp too far in the future': writing(() => batch(['a'], { timestamp: 4_000_000_000_000n }), {
    configs: { 'message.timestamp.after.max.ms': '1000' },
  }),
  'a timestamp too far in the past': writing(() => batch(['a']), {
    configs: { 'message.timestamp.before.max.ms': '1000' },
  }),
  'one record of three with a timestamp too far in the past': writing(
    () =>
      changed(batch(['a', 'b', 'c'], { timestamp: BigInt(Date.now()) }), (b) => {
        // The first record's delta: an hour back would not fit a byte; the base goes back instead and the others' deltas stay.
        b.writeBigInt64BE(1_000n, BatchLayout.baseTimestamp);
        b.writeBigInt64BE(1_002n, BatchLayout.maxTimestamp);
      }),
    { configs: { 'message.timestamp.before.max.ms': '1000' } },
  ),
  'no timestamp': writing(() => batch(['a'], { timestamp: -1n })),
  'a negative timestamp': writing(() => batch(['a'], { timestamp: -5n })),
  'a largest timestamp that is a lie': writing(() =>
    changed(batch(['a', 'b']), (b) => {
      b.writeBigInt64BE(5n, BatchLayout.maxTimestamp);
    }),
  ),
  'the broker’s time where the topic wants that': writing(() => batch(['a', 'b']), {
    configs: { 'message.timestamp.type': 'LogAppendTime' },
  }),
  'the broker’s time in a compressed batch': writing(() => batch(['a', 'b'], { compression: 'lz4' }), {
    configs: { 'message.timestamp.type': 'LogAppendTime' },
  }),
  'to __consumer_offsets': worded((broker) => write(broker, '__consumer_offsets', batch(['x']))),
  'to __transaction_state': worded((broker) => write(broker, '__transaction_state', batch(['x']))),
});

/** An idempotent producer with an id from the broker, writing to a topic of its own. */
async function producer(broker: PlayedBroker) {
  const topic = broker.named('t');
  await broker.topic(topic);
  const { producerId } = await broker.ask(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 0 });
  return (baseSequence: number, values: readonly string[], producerEpoch = 0, id = producerId) =>
    write(broker, topic, batch(values, { producerId: id, producerEpoch, baseSequence }));
}

export const IDEMPOTENT_PRODUCE_CASES = casesOf('Produce', {
  'a batch that comes twice gets the offset of the first time': async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a', 'b']), await send(2, ['c']), await send(2, ['c']), await send(0, ['a', 'b'])];
  },
  'a gap in the sequence': worded(async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a']), await send(2, ['c']), await send(1, ['b'])];
  }),
  'a first sequence that is not zero': async (broker) => (await producer(broker))(5, ['a']),
  'a batch that overlaps with one before': worded(async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a', 'b', 'c']), await send(1, ['b', 'c'])];
  }),
  'a batch as long as one before, with another end': worded(async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a', 'b']), await send(0, ['a', 'b', 'c'])];
  }),
  'the window of five: the sixth last batch is not known any more': worded(async (broker) => {
    const send = await producer(broker);
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await send(i, [`${i}`]));
    return [...answers, await send(1, ['1']), await send(0, ['0'])];
  }),
  'an epoch that is old': worded(async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a'], 3), await send(1, ['b'], 2)];
  }),
  'a new epoch begins at zero': worded(async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a']), await send(1, ['b'], 1), await send(0, ['b'], 1)];
  }),
  'an id that the broker never gave': async (broker) => (await producer(broker))(0, ['a'], 0, 9_999_999n),
  'an id that the broker never gave, in the middle of its sequence': async (broker) =>
    (await producer(broker))(7, ['a'], 0, 9_999_999n),
  'sequences go over their end to zero': async (broker) => {
    const send = await producer(broker);
    return [await send(0x7fff_fffe, ['a', 'b'], 0, 9_999_998n), await send(0, ['c'], 0, 9_999_998n)];
  },
  'a producer is known by partition': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 2);
    const { producerId } = await broker.ask(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 0 });
    const records = batch(['a'], { producerId, producerEpoch: 0, baseSequence: 0 });
    return [await write(broker, topic, records), await write(broker, topic, records, { partition: 1 })];
  },
  'a batch that is not idempotent between those that are': async (broker) => {
    const send = await producer(broker);
    return [await send(0, ['a']), await write(broker, broker.named('t'), batch(['x'])), await send(1, ['b'])];
  },
});

/** A transactional producer; `add` brings its partition into the transaction. */
async function transactional(broker: PlayedBroker, add: boolean) {
  const [topic, transactionalId] = [broker.named('t'), broker.named('txn')];
  await broker.topic(topic);
  const identity = await broker.ask(initProducerId, 4, { transactionalId, transactionTimeoutMs: 60_000 });
  if (add) {
    await broker.until(
      () =>
        broker.ask(addPartitionsToTxn, 3, {
          v3AndBelowTransactionalId: transactionalId,
          v3AndBelowProducerId: identity.producerId,
          v3AndBelowProducerEpoch: identity.producerEpoch,
          v3AndBelowTopics: [{ name: topic, partitions: [0] }],
        }),
      ({ resultsByTopicV3AndBelow }) => resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode === 0,
    );
  }
  const { producerId, producerEpoch } = identity;
  const records = (baseSequence: number, epoch = producerEpoch) =>
    batch(['a'], { producerId, producerEpoch: epoch, baseSequence, transactional: true });
  return { topic, transactionalId, producerId, producerEpoch, records };
}

export const PRODUCE_IN_TRANSACTION_CASES = casesOf('Produce', {
  'a transactional batch': async (broker) => {
    const { topic, transactionalId, records } = await transactional(broker, true);
    return [await write(broker, topic, records(0), { transactionalId }), await read(broker, topic)];
  },
  'a transactional batch without its transactional id': async (broker) => {
    const { topic, records } = await transactional(broker, true);
    return write(broker, topic, records(0));
  },
  'a transactional batch under the id of another': async (broker) => {
    const { topic, records } = await transactional(broker, true);
    return write(broker, topic, records(0), { transactionalId: broker.named('other') });
  },
  'a partition that was not added, version 9': async (broker) => {
    const { topic, transactionalId, records } = await transactional(broker, false);
    return write(broker, topic, records(0), { transactionalId });
  },
  'a partition that was not added, version 11': worded(async (broker) => {
    const { topic, transactionalId, records } = await transactional(broker, false);
    return write(broker, topic, records(0), { transactionalId, version: 11 });
  }),
  'an idempotent batch in a transactional request': async (broker) => {
    const { topic, transactionalId, producerId, producerEpoch } = await transactional(broker, true);
    return write(broker, topic, batch(['a'], { producerId, producerEpoch, baseSequence: 0 }), { transactionalId });
  },
  'an idempotent batch after a transactional one of the same producer': worded(async (broker) => {
    const { topic, transactionalId, producerId, producerEpoch, records } = await transactional(broker, true);
    return [
      await write(broker, topic, records(0), { transactionalId }),
      await write(broker, topic, batch(['a'], { producerId, producerEpoch, baseSequence: 1 }), { transactionalId }),
    ];
  }),
  'a fenced transactional producer': async (broker) => {
    const { topic, transactionalId, records } = await transactional(broker, true);
    const first = await write(broker, topic, records(0), { transactionalId });
    await broker.until(
      () => broker.ask(initProducerId, 4, { transactionalId, transactionTimeoutMs: 60_000 }),
      ({ errorCode }) => errorCode === 0,
    );
    return [first, await write(broker, topic, records(1), { transactionalId })];
  },
});
