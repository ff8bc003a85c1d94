import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  groupMetadataKey,
  groupMetadataValue,
  offsetCommitKey,
  offsetCommitValue,
  transactionLogKey,
  transactionLogValue,
} from '../../../../main/protocol/records/coordinator-records.ts';
import { encodeRecordBatch } from '../../../../main/protocol/records/encode-records.ts';
import { runJava } from '../../../kit/apache-kafka.ts';
import { needs } from '../../../kit/needs.ts';

const timestamp = 1_700_000_000_000n;

describe.skipIf(needs('kafka'))('DumpLogSegments', () => {
  test('reads the offsets and groups that we store', async () => {
    const records = [
      ...[0, 1, 2, 3, 4].map((version) => ({
        timestamp,
        key: offsetCommitKey.encodeVersioned(1, { group: 'sink', topic: 'tweets', partition: version }),
        value: offsetCommitValue.encodeVersioned(version, {
          offset: 42n,
          leaderEpoch: 7,
          metadata: `v${version}`,
          commitTimestamp: timestamp,
          topicId: 'bXktdG9waWMtaWQtMTIzNA',
        }),
      })),
      {
        timestamp,
        key: groupMetadataKey.encodeVersioned(2, { group: 'sink' }),
        value: groupMetadataValue.encodeVersioned(4, {
          protocolType: 'consumer',
          generation: 3,
          protocol: 'range',
          leader: 'member-1',
          currentStateTimestamp: timestamp,
          members: [
            {
              memberId: 'member-1',
              groupInstanceId: 'static-1',
              clientId: 'client',
              clientHost: '/127.0.0.1',
              rebalanceTimeout: 60_000,
              sessionTimeout: 45_000,
              subscription: Buffer.from('00010000000100067477656574730000000000000000', 'hex'),
              assignment: Buffer.from('0001000000010006747765657473000000010000000000000000', 'hex'),
            },
          ],
        }),
      },
    ];
    const lines = await dump('__consumer_offsets-0', records, '--offsets-decoder');
    for (const version of [0, 1, 2, 3, 4]) {
      const line = lines.find((each) => each.includes(`"partition":${version}`));
      expect(line).toContain('"group":"sink","topic":"tweets"');
      expect(line).toContain(`"offset":42`);
      expect(line).toContain(`"metadata":"v${version}"`);
      if (version >= 3) expect(line).toContain('"leaderEpoch":7');
      if (version >= 4) expect(line).toContain('"topicId":"bXktdG9waWMtaWQtMTIzNA"');
    }
    const group = lines.find((each) => each.includes('"generation":3'));
    expect(group).toContain('"protocol":"range","leader":"member-1"');
    expect(group).toContain('"groupInstanceId":"static-1"');
    expect(group).toContain('tweets');
  });

  test('reads the transactions that we store', async () => {
    const records = [0, 1].map((version) => ({
      timestamp,
      key: transactionLogKey.encodeVersioned(0, { transactionalId: `tx-${version}` }),
      value: transactionLogValue.encodeVersioned(version, {
        producerId: 2n ** 40n,
        producerEpoch: 5,
        transactionTimeoutMs: 60_000,
        transactionStatus: 1,
        transactionPartitions: [{ topic: 'tweets', partitionIds: [0, 2] }],
        transactionLastUpdateTimestampMs: timestamp,
        transactionStartTimestampMs: timestamp,
        previousProducerId: 77n,
      }),
    }));
    const lines = await dump('__transaction_state-0', records, '--transaction-log-decoder');
    for (const version of [0, 1]) {
      const line = lines.find((each) => each.includes(`tx-${version}`));
      expect(line).toContain('"producerId":1099511627776');
      expect(line).toMatch(/"transactionPartitions":\[\{"topic":"tweets","partitionIds":\[0,2\]\}\]/);
      if (version === 1) expect(line).toContain('"previousProducerId":77');
    }
  });
});

async function dump(
  partition: string,
  records: Parameters<typeof encodeRecordBatch>[0],
  decoder: string,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-dump-'));
  try {
    const file = join(folder, partition, '00000000000000000000.log');
    mkdirSync(join(folder, partition));
    writeFileSync(file, encodeRecordBatch(records, { compression: 'gzip', partitionLeaderEpoch: 0 }));
    const { code, stdout, stderr } = await runJava('org.apache.kafka.tools.DumpLogSegments', [
      '--files',
      file,
      decoder,
    ]);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.toString().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
