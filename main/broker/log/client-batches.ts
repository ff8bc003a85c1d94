import { decompress } from '../../protocol/records/compression/compression.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { type AppendRules, validateClientBatch, validateInTurns } from './append-validation.ts';
import { type BatchOpener, IN_PASSING_BYTES } from './batch-opener.ts';
import { otherCompression, repack, repackAside } from './repacking.ts';

/** Gives a batch that may be appended, or throws what is wrong with it (an ApiException). */
export type CheckedBatch = () => RecordBatch;

/** A client's batch as it goes into the log; throws as `validateClientBatch` and `repack` do. */
export function checkedAtOnce(records: Buffer, rules: AppendRules): RecordBatch {
  return repack(validateClientBatch(records, rules, decompress)!, rules.config);
}

/** As `checkedAtOnce`, without holding up the event loop, whatever the batch opens to. */
export function check(records: Buffer, rules: AppendRules, opener: BatchOpener): CheckedBatch | Promise<CheckedBatch> {
  const alone = () =>
    opener.alone(() => settled(async () => repackAside(await validateInTurns(records, rules), rules.config)));
  if (records.length > IN_PASSING_BYTES) return alone();
  const looked = opener.inPassing(records.length, () => inPassing(records, rules, opener));
  return looked instanceof Promise ? looked.then((checked) => checked ?? alone()) : (looked ?? alone());
}

/** Undefined: it is too large for that. */
function inPassing(
  records: Buffer,
  rules: AppendRules,
  opener: BatchOpener,
): CheckedBatch | Promise<CheckedBatch> | undefined {
  let opened: ReturnType<typeof validateClientBatch>;
  try {
    opened = validateClientBatch(records, rules, (type, data) => opener.open(type, data));
  } catch (error) {
    return () => {
      throw error;
    };
  }
  if (!opened) return undefined;
  const { batch } = opened;
  if (otherCompression(opened, rules.config) === undefined) return () => batch;
  return settled(() => repackAside(opened, rules.config));
}

async function settled(work: () => Promise<RecordBatch>): Promise<CheckedBatch> {
  try {
    const batch = await work();
    return () => batch;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
