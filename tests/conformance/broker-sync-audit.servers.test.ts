import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTopics, produce } from '../../main/protocol/messages/index.ts';
import { freePort } from '../kit/apache-kafka.ts';
import { batchOf } from '../kit/log-environment.ts';
import { needs } from '../kit/needs.ts';
import { RawClient } from '../kit/raw-client.ts';
import { tracked } from '../kit/run-command.ts';

const ACKS = { quick: 150, ci: 1500, night: 10_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 150;
const CLIENTS = 3;

interface Audit {
  answers: number;
  violations: string[];
}

/**
 * Reads what the kernel was asked for: an answer to a client may leave only when a sync of its partition's file has
 * returned that began after the last write to that file.
 *
 * @param partitionOf by the client's port
 */
function audit(trace: string, partitionOf: ReadonlyMap<number, number>): Audit {
  /** By partition: whether something was written that no finished sync covers, and what each open sync would cover. */
  const written = new Map<number, number>();
  const synced = new Map<number, number>();
  const syncing = new Map<string, { partition: number; covers: number }>();
  const result: Audit = { answers: 0, violations: [] };
  for (const [number, line] of trace.split('\n').entries()) {
    const pid = /^(\d+)/.exec(line)?.[1] ?? '';
    const partition = Number(/audited-(\d)\/\d+\.log>/.exec(line)?.[1] ?? -1);
    if (/ pwritev?2?(64)?\(| pwrite64\(/.test(line) && partition >= 0) written.set(partition, number);
    if (/ (fdatasync|fsync)\(/.test(line) && partition >= 0) {
      const sync = { partition, covers: written.get(partition) ?? -1 };
      if (line.includes('<unfinished')) syncing.set(pid, sync);
      else if (/= 0$/.test(line)) synced.set(partition, sync.covers);
    }
    if (/<\.\.\. (fdatasync|fsync) resumed>/.test(line)) {
      const sync = syncing.get(pid);
      syncing.delete(pid);
      if (sync && /= 0$/.test(line)) synced.set(sync.partition, sync.covers);
    }
    const answer = / (?:write|writev|sendto|sendmsg)\(\d+<TCP(?:v6)?:\[[^\]]*->[^\]]*?:(\d+)\]>/.exec(line);
    const owner = answer ? partitionOf.get(Number(answer[1])) : undefined;
    if (owner === undefined || !written.has(owner)) continue;
    result.answers++;
    if ((synced.get(owner) ?? -1) < (written.get(owner) ?? -1)) result.violations.push(`line ${number}: ${line}`);
  }
  return result;
}

test.skipIf(needs('strace'))(
  `${ACKS} answers with acks=all: each leaves after the sync that covers it has returned`,
  { timeout: 120_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'audit-'));
    const port = await freePort();
    const trace = join(dataDir, 'trace');
    const broker = tracked(
      spawn(
        process.execPath,
        [join(import.meta.dirname, '../kit/sandbox-process.ts'), join(dataDir, 'data'), String(port)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      ),
    );
    try {
      await new Promise((resolve) => broker.stdout?.once('data', resolve));
      const calls = 'trace=pwritev,pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg';
      const strace = tracked(
        spawn('strace', ['-f', '-yy', '-s', '0', '-o', trace, '-e', calls, '-p', String(broker.pid)], {
          stdio: ['ignore', 'ignore', 'pipe'],
        }),
      );
      const ended = new Promise((resolve) => strace.once('exit', resolve));
      await new Promise((resolve) => strace.stderr?.once('data', resolve));
      const admin = await RawClient.connect(port);
      await admin.request(createTopics, 7, {
        topics: [{ name: 'audited', numPartitions: CLIENTS, replicationFactor: 1, assignments: [], configs: [] }],
      });
      admin.close();
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => RawClient.connect(port)));
      await Promise.all(
        clients.map(async (client, index) => {
          for (let i = 0; i < ACKS / CLIENTS; i++) {
            const records = batchOf([`${i}`]);
            const { responses } = await client.request(produce, 9, {
              acks: -1,
              timeoutMs: 1000,
              topicData: [{ name: 'audited', partitionData: [{ index, records }] }],
            });
            expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0);
          }
        }),
      );
      const ports = new Map(clients.map((client, index) => [client.localPort, index]));
      for (const client of clients) client.close();
      broker.kill('SIGKILL');
      await ended;
      const { answers, violations } = audit(readFileSync(trace, 'utf8'), ports);
      expect(answers).toBeGreaterThanOrEqual(ACKS);
      expect(violations).toEqual([]);
    } finally {
      broker.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
);
