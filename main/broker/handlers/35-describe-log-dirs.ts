import { describeLogDirs, Errors } from '../../protocol/messages/index.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';

export interface VolumeSize {
  /** bytes */
  readonly total: bigint;
  readonly usable: bigint;
}

export const describeLogDirsHandler = (topics: Topics, logDir: string, volume: () => VolumeSize) =>
  handler<typeof describeLogDirs>({
    api: describeLogDirs,
    handle(request) {
      const wanted =
        request.topics && new Map(request.topics.map(({ topic, partitions }) => [topic, new Set(partitions)]));
      const size = volume();
      return {
        errorCode: Errors.NONE,
        results: [
          {
            errorCode: Errors.NONE,
            logDir,
            topics: topics
              .all()
              .filter(({ name }) => !wanted || wanted.has(name))
              .map(({ name, logs }) => ({
                name,
                partitions: logs.flatMap((log, partitionIndex) =>
                  wanted && !wanted.get(name)?.has(partitionIndex)
                    ? []
                    : [{ partitionIndex, partitionSize: BigInt(log.size), offsetLag: 0n, isFutureKey: false }],
                ),
              }))
              .filter(({ partitions }) => partitions.length > 0),
            totalBytes: size.total,
            usableBytes: size.usable,
          },
        ],
      };
    },
  });
