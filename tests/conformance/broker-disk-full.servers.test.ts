import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTopics, Errors, fetch, offsetCommit, offsetFetch, produce } from '../../main/protocol/messages/index.ts';
import { recordBatches } from '../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../main/protocol/records/records.ts';
import { freePort } from '../kit/apache-kafka.ts';
import { batchOf } from '../kit/log-environment.ts';
import { RawClient } from '../kit/raw-client.ts';
import { tracked } from '../kit/run-command.ts';

const ROUNDS = { quick: 1, ci: 5, night: 100 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 1;
/** A file system of our own needs a name space of our own. */
const noNamespaces = spawnSync('unshare', ['-Urm', 'true']).status !== 0;

/** Mounts 64 MiB, starts the broker on it, and fills and frees it as it is told. */
const SCRIPT = `
mount -t tmpfs -o size=64m tmpfs "$1" || exit 1
"$2" "$3" "$1/data" "$4" &
broker=$!
while read -r order; do
  case "$order" in
    fill) dd if=/dev/zero of="$1/filler" bs=64k 2>/dev/null; echo filled ;;
    free) rm -f "$1/filler"; echo freed ;;
    stop) kill -9 $broker; exit 0 ;;
  esac
done
`;

test.skipIf(noNamespaces)(
  'a full disk: producers are refused, reading and committing go on, and all resumes by itself',
  { timeout: 60_000 + ROUNDS * 15_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'disk-full-'));
    const port = await freePort();
    const process_ = join(import.meta.dirname, '../kit/sandbox-process.ts');
    const shell = spawn(
      'unshare',
      ['-Urm', 'sh', '-c', SCRIPT, 'sh', folder, process.execPath, process_, String(port)],
      { stdio: 'pipe' },
    );
    tracked(shell);
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const says = (word: string) =>
      new Promise<void>((resolve) => {
        const look = (chunk: Buffer) => {
          if (!chunk.toString().includes(word)) return;
          shell.stdout.off('data', look);
          resolve();
        };
        shell.stdout.on('data', look);
      });
    const order = async (word: string, answer: string) => {
      const answered = says(answer);
      shell.stdin.write(`${word}\n`);
      await answered;
    };
    try {
      await says('ready');
      const client = await RawClient.connect(port);
      await client.request(createTopics, 7, {
        topics: [{ name: 'full', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      });
      const accepted: string[] = [];
      const write = async (value: string, bytes = 20_000) => {
        const records = batchOf([value, 'x'.repeat(bytes)], { timestamp: BigInt(Date.now()) });
        const { responses } = await client.request(produce, 9, {
          acks: -1,
          timeoutMs: 1000,
          topicData: [{ name: 'full', partitionData: [{ index: 0, records }] }],
        });
        const { errorCode } = responses[0]!.partitionResponses[0]!;
        if (errorCode === Errors.NONE) accepted.push(value);
        return errorCode;
      };
      const commit = async (offset: bigint) =>
        (
          await client.request(offsetCommit, 7, {
            groupId: 'readers',
            generationIdOrMemberEpoch: -1,
            memberId: '',
            topics: [
              { name: 'full', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }] },
            ],
          })
        ).topics[0]!.partitions[0]!.errorCode;
      const readAll = async () => {
        const values: string[] = [];
        for (let offset = 0n; ; ) {
          const { responses } = await client.request(fetch, 11, {
            replicaId: -1,
            maxWaitMs: 0,
            minBytes: 1,
            isolationLevel: 0,
            topics: [
              { topic: 'full', partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000 }] },
            ],
          });
          const { records } = responses[0]!.partitions[0]!;
          if (!records || records.length === 0) return values;
          for (const batch of recordBatches(records)) {
            expect(batch.isValid).toBe(true);
            values.push(...decodeRecords(batch).map(({ value }) => String(value).slice(0, 20)));
            offset = batch.nextOffset;
          }
        }
      };
      for (let round = 0; round < ROUNDS; round++) {
        expect(await write(`before ${round}`)).toBe(0);
        await order('fill', 'filled');
        // What is left of a page may take a first record.
        let code = 0;
        for (let i = 0; i < 10 && code === 0; i++) code = await write(`full ${round}.${i}`);
        expect(code).toBe(Errors.KAFKA_STORAGE_ERROR);
        for (let i = 0; i < 20; i++) expect(await write(`refused ${round}.${i}`)).toBe(Errors.KAFKA_STORAGE_ERROR);
        expect((await readAll()).filter((value) => !value.startsWith('x'))).toEqual(accepted);
        for (let i = 1n; i <= 20n; i++) expect(await commit(i)).toBe(0);
        await order('free', 'freed');
        const freed = performance.now();
        while ((await write(`after ${round}`)) !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
        expect(performance.now() - freed).toBeLessThan(5000);
      }
      expect((await readAll()).filter((value) => !value.startsWith('x'))).toEqual(accepted);
      const { groups } = await client.request(offsetFetch, 8, {
        groups: [{ groupId: 'readers', topics: [{ name: 'full', partitionIndexes: [0] }] }],
      });
      expect(groups[0]!.topics[0]!.partitions[0]).toMatchObject({ committedOffset: 20n, errorCode: 0 });
      expect(stderr).toContain('No space is left on the disk');
      client.close();
    } finally {
      shell.stdin.end('stop\n');
      await new Promise((resolve) => shell.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
