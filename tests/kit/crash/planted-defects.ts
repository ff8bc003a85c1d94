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
    // The broker answers for every twentieth batch without having appended it.
    file: 'main/broker/log/partition-log.ts',
    find: 'pending.chunks.push(bytes);',
    replace: `if ((globalThis.dropped = (globalThis.dropped ?? 0) + 1) % 20 === 0) { this.#endOffset = firstOffset; return { firstOffset, lastOffset: firstOffset, logAppendTimeMs: -1n, isDuplicate: false, ...DONE }; }
    pending.chunks.push(bytes);`,
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

export type DefectName = keyof typeof PLANTED_DEFECTS;
