/**
 * Defects that the crash test has to find. Each replaces one piece of a source file while it is loaded; a piece that is
 * not there any more is an error, so that none of them can quietly plant nothing.
 */
export interface PlantedDefect {
  file: string;
  find: string;
  replace: string;
}

export const PLANTED_DEFECTS = {
  'an ack dropped': {
    // The broker answers for a quarter of the batches without having appended them; at random, as the producer's own
    // steps after such a loss repeat, and could have each of them dropped that would have made it.
    file: 'main/broker/handlers/00-produce.ts',
    find: 'const result = log.append(records);',
    replace: `if (Math.random() < 0.25) {
            return { index, errorCode: 0, baseOffset: log.logEndOffset, logAppendTimeMs: -1n, logStartOffset: log.logStartOffset };
          }
          const result = log.append(records);`,
  },
  'an fsync skipped': {
    file: 'main/broker/log/log-segment.ts',
    find: 'await file.sync();',
    replace: 'await 0;',
  },
  'an offset stored early': {
    file: 'main/connect/runtime/worker-source-task.ts',
    find: 'metrics.inFlight++;',
    replace: 'metrics.inFlight++; submitted.ack();',
  },
  "a commit before the sink's put": {
    file: 'main/connect/runtime/worker-sink-task.ts',
    find: 'await task.put([...this.#batch]);',
    // The window between commit and put is held open a little, as a slow target would.
    replace: `if (this.#batch.length > 0) {
        await this.#parts.consumer.commit(this.#batchOffsets.all());
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      await task.put([...this.#batch]);`,
  },
} as const satisfies Record<string, PlantedDefect>;

/** Defects that make a clean stop repeat something. */
export const STOP_DEFECTS = {
  'a source that stops without storing its last offsets': {
    file: 'main/connect/runtime/source-offset-committer.ts',
    find: `await this.#running;
    await this.#commit();`,
    replace: 'await this.#running;',
  },
  'a sink that closes without its last commit': {
    file: 'main/connect/runtime/sink-offset-committer.ts',
    find: 'if (offsets.length > 0 && !(await this.#atMost(this.#send(offsets)))) {',
    replace: 'if (false) {',
  },
} as const satisfies Record<string, PlantedDefect>;

/** A defect that loses failed records. */
export const DEAD_LETTER_DEFECT = {
  'a dead letter that nobody waits for': {
    file: 'main/connect/runtime/errors/dead-letter-queue-reporter.ts',
    find: 'producer.send(record, (_, error) => {',
    // As late as a slow cluster would be.
    replace: `resolve();
      const later = (callback) => setTimeout(() => producer.send(record, callback), 700);
      later((_, error) => {`,
  },
} as const satisfies Record<string, PlantedDefect>;

export type StopDefectName = keyof typeof STOP_DEFECTS;
export type DefectName = keyof typeof PLANTED_DEFECTS | StopDefectName | keyof typeof DEAD_LETTER_DEFECT;
