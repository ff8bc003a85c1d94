import { expect, test } from 'vitest';
import { readWholeFile } from '../../../../main/broker/log/file-system.ts';
import { batchOf, LogLife, readAll } from '../../../kit/log-environment.ts';
import { Choices, testSeed } from '../../../kit/seeded-random.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';

const RUNS = { quick: 300, ci: 1_000, night: 100_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 300;
const CONFIG = { segmentBytes: 2500, indexIntervalBytes: 200 };
const FOLDER = '/log/t-0';
const first = '00000000000000000000.log';

/** Some segments with plain, idempotent and transactional batches, closed cleanly; what is in them by offset. */
async function written(): Promise<{ disk: SimFileSystem; records: Map<bigint, string>; end: bigint }> {
  const disk = new SimFileSystem();
  const log = new LogLife(disk, '/log').open({ config: CONFIG });
  for (let i = 0; i < 60; i++) {
    const producerId = BigInt(i % 3) - 1n;
    const options =
      producerId < 0n
        ? {}
        : { producerId, producerEpoch: 0, baseSequence: Math.floor(i / 3), transactional: producerId === 1n };
    await log.append(batchOf([`${i} ${'x'.repeat((i * 37) % 300)}`], options)).committed.wait();
    if (i % 15 === 14) {
      const marker = { producerId: 1n, producerEpoch: 0, coordinatorEpoch: 0, committed: i % 2 === 0 };
      await log.endTransaction(marker).committed.wait();
    }
  }
  const records = new Map(readAll(log).map(({ offset, value }) => [offset, value]));
  const end = log.logEndOffset;
  await log.close();
  return { disk, records, end };
}

/** Undefined: the file is gone. */
function spoiled(bytes: Buffer, choices: Choices): Buffer | undefined {
  const spoil = Buffer.from(bytes);
  const at = choices.between(0, Math.max(0, bytes.length - 1));
  switch (choices.between(0, 6)) {
    case 0:
      return spoil.subarray(0, at);
    case 1:
      return Buffer.concat([spoil, choices.bytes(choices.between(1, 100))]);
    case 2:
      return spoil.fill(0, at, Math.min(spoil.length, at + choices.between(1, 512)));
    case 3:
      return Buffer.concat([spoil.subarray(0, at), choices.bytes(choices.between(1, 20)), spoil.subarray(at)]);
    case 4:
      return Buffer.concat([spoil.subarray(0, at), spoil.subarray(at + choices.between(1, 100))]);
    case 5:
      return undefined;
    default:
      for (let i = choices.between(1, 4); i > 0 && spoil.length > 0; i--) {
        spoil[choices.between(0, spoil.length - 1)] = choices.between(0, 255);
      }
      return spoil;
  }
}

const seed = testSeed();

test(`${RUNS} logs with spoiled files: no wrong record, what is missing is reported and nothing else, files beside the segments do no harm (seed ${seed})`, {
  timeout: 120_000 + RUNS * 60,
}, async () => {
  const { disk, records, end } = await written();
  const names = disk.list(FOLDER);
  const contents = new Map(names.map((name) => [name, readWholeFile(disk, `${FOLDER}/${name}`)]));
  for (let run = 0; run < RUNS; run++) {
    const choices = new Choices(seed + run);
    const again = new SimFileSystem();
    const life = new LogLife(again, '/log');
    again.makeDirectory(FOLDER);
    const chosen = choices.chance(0.5) ? names.filter((name) => !name.endsWith('.log')) : names;
    const victims = new Set([choices.pick(chosen), choices.pick(chosen)]);
    for (const [name, bytes] of contents) {
      const content = victims.has(name) ? spoiled(bytes, choices) : bytes;
      // Without its first segment a log begins later, as after a deletion.
      if (!content && name !== first) continue;
      const file = again.open(`${FOLDER}/${name}`, 'create');
      file.write([content ?? bytes], 0);
      file.close();
    }
    const what = `RUNNEL_SEED=${seed + run}, ${[...victims].join(' and ')}`;
    const log = life.open({ config: CONFIG, isClean: choices.chance(0.5), recoveryPoint: end });
    const found = new Map(readAll(log).map(({ offset, value }) => [offset, value]));
    for (const [offset, value] of found)
      if (records.get(offset) !== value) expect(value, what).toBe(records.get(offset));
    const hitsLog = [...victims].some((name) => name.endsWith('.log'));
    for (let offset = 0n; offset < end; offset++) {
      const isMissing = !found.has(offset);
      const isReported = life.damage.some(
        ({ firstOffset, nextOffset }) => firstOffset <= offset && offset < nextOffset,
      );
      if (isMissing !== isReported)
        expect.fail(`${what}: offset ${offset} ${isMissing ? 'is lost and not told' : 'is there and told as lost'}`);
      if (isMissing && !hitsLog) expect.fail(`${what}: offset ${offset} is missing`);
    }
    expect(log.append(batchOf(['next'])).firstOffset >= end, `${what}: an offset is used again`).toBe(true);
  }
});
