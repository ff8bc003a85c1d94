import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ConnectException } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { Connector } from './api/connector.ts';
import { type JavaOffset, parseJavaOffsets } from './storage/java-offsets-file.ts';
import type { JavaOffsetsImport } from './storage/java-offsets-import.ts';

export interface JavaOffsetsOptions {
  /** `offset.storage.file.filename` */
  file: string;
  /** Where its offsets go. */
  databasePath: string;
  store: JavaOffsetsImport;
  connectors: readonly Connector[];
  time: Time;
  logger: Logger;
}

/** Offsets are small; what is larger is another file. */
const MAX_BYTES = 256 << 20;

/**
 * The offsets of a Java worker's file go into a store that is new, all in one transaction; the file stays as it is and
 * is never read again. Throws ConnectException (DATA_UNREADABLE) for a file that is damaged or something else.
 */
export async function importJavaOffsets(options: JavaOffsetsOptions): Promise<void> {
  const { file, databasePath, store, time, logger } = options;
  const mark = store.mark();
  const unused = mark === null && !store.isUsed();
  const bytes = unused ? readOffsetsFile(file) : readIfThere(file);
  const sha256 = bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
  if (!unused) {
    if (mark === null) store.store({ sha256, time: time.milliseconds() }, []);
    else if (sha256 !== null && sha256 !== mark.sha256)
      logger.warn(
        `${file} is a file of Kafka Connect that has come or changed since ${new Date(mark.time).toISOString()}: it is not read, the offsets are those in ${databasePath}`,
      );
    return;
  }
  const { offsets, reset, foreign } =
    bytes === null ? { offsets: [], reset: 0, foreign: [] } : parseJavaOffsets(file, bytes);
  for (const key of foreign)
    logger.warn(`${file}: an offset is left out, as its key names no connector and partition: ${key.slice(0, 200)}`);
  const ours: JavaOffset[] = [];
  for (const offset of offsets) ours.push(await asOurs(options.connectors, offset, logger));
  store.store({ sha256, time: time.milliseconds() }, ours);
  if (bytes === null) return;
  const names = [...new Set(ours.map(({ connector }) => connector))].sort();
  logger.info(
    `Imported the offsets of ${ours.length} source partitions of ${names.length} connectors (${names.join(', ')}) from ${file}, ` +
      `Kafka Connect's file, into ${databasePath}${reset === 0 ? '' : `; ${reset} were reset there`}. ${file} stays as it is and is not needed any more`,
  );
}

async function asOurs(connectors: readonly Connector[], java: JavaOffset, logger: Logger): Promise<JavaOffset> {
  for (const connector of connectors) {
    if (connector.kind !== 'source') continue;
    const offset = (await connector.offsetOfJava?.(java.partition, java.offset, logger)) ?? null;
    if (offset !== null) return { ...java, offset };
  }
  return java;
}

/** Null when nothing is there. */
function readOffsetsFile(file: string): Buffer | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (!stats.isFile()) throw unreadable(file, 'it is no regular file');
  if (stats.size > MAX_BYTES) throw unreadable(file, `it has ${stats.size} bytes, which no offsets need`);
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unreadable(file, (cause as Error).message, cause);
  }
}

/** Only to see whether it has changed: whatever is in the way doesn't matter any more. */
function readIfThere(file: string): Buffer | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() && stats.size <= MAX_BYTES ? readFileSync(file) : null;
}

function unreadable(file: string, reason: string, cause?: unknown): ConnectException {
  return new ConnectException(`${file} can't be read as Kafka Connect's offsets: ${reason}`, {
    code: 'DATA_UNREADABLE',
    key: file,
    hint: 'Name another file in offset.storage.file.filename, or move this one away.',
    ...(cause === undefined ? {} : { cause }),
  });
}
