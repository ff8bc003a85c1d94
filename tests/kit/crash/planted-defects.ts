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
    find: 'const result = log.append(',
    replace: `if (Math.random() < 0.25) {
            const [baseOffset, logStartOffset] = [log.logEndOffset, log.logStartOffset];
            return void Object.assign(answer, { errorCode: 0, baseOffset, logAppendTimeMs: -1n, logStartOffset });
          }
          const result = log.append(`,
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

/** Defects of the broker that losses of power bring to light, whose every promise is then looked at. */
export const BROKER_DEFECTS = {
  'an fsync of a log skipped': {
    file: 'main/broker/log/log-segment.ts',
    find: 'await file.sync();',
    replace: 'await 0;',
  },
  'the names of new segments not synced': {
    file: 'main/broker/log/log-writer.ts',
    find: 'await fileSystem.syncDirectory(this.#directory);',
    replace: 'await 0;',
  },
  'an ack before the sync, and a high watermark before it': {
    file: 'main/broker/log/log-writer.ts',
    find: 'if (this.isRelaxed) this.#commit(this.#written);',
    replace: 'this.#commit(this.#written);',
  },
  'a batch answered for and not written': {
    file: 'main/broker/handlers/00-produce.ts',
    find: 'const result = log.append(',
    replace: `if (Math.random() < 0.1) {
            const [baseOffset, logStartOffset] = [log.logEndOffset, log.logStartOffset];
            return void Object.assign(answer, { errorCode: 0, baseOffset, logAppendTimeMs: -1n, logStartOffset });
          }
          const result = log.append(`,
  },
  'producers forgotten at a start': {
    file: 'main/broker/log/producer-log.ts',
    find: 'this.#state.update(batch, batch.baseOffset, now);',
    replace: '',
  },
  'a marker of a transaction lost': {
    file: 'main/broker/coordinator/coordinators.ts',
    find: 'await partitionLog.endTransaction(marker).committed.wait();',
    replace: 'if (marker.producerId % 2n === 0n) await partitionLog.endTransaction(marker).committed.wait();',
  },
  'offsets used again where nobody waits for the disk': {
    file: 'main/broker/log/log-loader.ts',
    find: 'const reserved = isClean || reopening ? undefined :',
    replace: 'const reserved = true ? undefined :',
  },
  'what coordinators keep not waited for': {
    file: 'main/broker/coordinator/coordinator-topic.ts',
    find: 'await log.appendInternal(batch).committed.wait();',
    replace: 'log.appendInternal(batch);',
  },
  'topics not waited for': {
    file: 'main/broker/metadata/metadata-log.ts',
    find: 'await this.#log.appendInternal(batch).committed.wait();',
    replace: 'this.#log.appendInternal(batch);',
  },
  'a deletion answered before it is in the metadata log': {
    file: 'main/broker/metadata/broker-topics.ts',
    find: `      const topic = this.#owned(name);
      await this.#options.metadata.append([{ kind: 'removeTopic'`,
    replace: `      const topic = this.#owned(name);
      void this.#options.metadata.append([{ kind: 'removeTopic'`,
  },
  'compaction that replaces before its output is synced': {
    file: 'main/broker/log/log-cleaner.ts',
    find: 'await file.sync();',
    replace: 'await 0;',
  },
} as const satisfies Record<string, PlantedDefect>;

/** Defects of the broker that clients notice who go on after its process was killed. */
export const RESTART_DEFECTS = {
  'a commit of a group answered before it is written': {
    file: 'main/broker/coordinator/group-offsets.ts',
    find: 'if (!(await this.#options.log.append(groupId, records, producer))) {',
    replace: `void this.#options.log.append(groupId, records, producer);
    if (false) {`,
  },
  'a setting of a topic answered before it is in the metadata log': {
    file: 'main/broker/metadata/broker-topics.ts',
    find: 'await this.#options.metadata.append(changedConfigs(TOPIC_RESOURCE, name, topic.configs, configs));',
    replace: 'void this.#options.metadata.append(changedConfigs(TOPIC_RESOURCE, name, topic.configs, configs));',
  },
  'partitions added and not in the metadata log': {
    file: 'main/broker/metadata/broker-topics.ts',
    find: 'await this.#options.metadata.append(this.#newPartitions(topic, totalCount));',
    replace: '',
  },
  'members of classic groups forgotten at a start': {
    file: 'main/broker/coordinator/group-coordinator.ts',
    find: "else if (record?.kind === 'group') this.#groups.replayClassic(record.group, record.stored);",
    replace: '',
  },
  'members of groups of the new protocol forgotten at a start': {
    file: 'main/broker/coordinator/group-coordinator.ts',
    find: 'if (ofConsumers) this.#groups.replayConsumer(ofConsumers);',
    replace: '',
  },
} as const satisfies Record<string, PlantedDefect>;

export type StopDefectName = keyof typeof STOP_DEFECTS;
export type BrokerDefectName = keyof typeof BROKER_DEFECTS;
export type DefectName =
  | keyof typeof PLANTED_DEFECTS
  | StopDefectName
  | keyof typeof DEAD_LETTER_DEFECT
  | BrokerDefectName
  | keyof typeof RESTART_DEFECTS;
