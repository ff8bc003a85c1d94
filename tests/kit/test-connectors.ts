import { configDef } from '../../main/connect/api/config-def.ts';
import {
  type ConfigMap,
  type ConnectorContext,
  type SinkOffset,
  type SinkTask,
  type SinkTaskContext,
  type SourceTaskContext,
  sinkConnector,
  sourceConnector,
} from '../../main/connect/api/connector.ts';
import type { SinkRecord, SourceRecord } from '../../main/connect/api/records.ts';
import { Schema } from '../../main/connect/api/schema.ts';

/** What the tasks of these connectors have seen, and what they do when they are called. */
export class Script {
  readonly log: string[] = [];
  /** The next numbers that the source hands out; it waits while there are none. */
  available: number[] = [];
  pollError: Error | null = null;
  startError: Error | null = null;
  neverStops = false;
  /** The connectors themselves wait for ever when they are called so. */
  connectorHangsIn: 'start' | 'stop' | null = null;
  committed: (bigint | null)[] = [];
  put: (records: readonly SinkRecord[], context: SinkTaskContext) => void | Promise<void> = () => {};
  preCommit: ((offsets: readonly SinkOffset[]) => readonly SinkOffset[]) | undefined;
  /** Values that put has returned for. */
  readonly written: unknown[] = [];
  sinkContext: SinkTaskContext | null = null;
  sourceContext: SourceTaskContext | null = null;
  /** Of the number source that was started last. */
  connectorContext: ConnectorContext | null = null;
  #waiting: (() => void)[] = [];

  offer(...numbers: number[]): void {
    this.available.push(...numbers);
    this.wake();
  }

  /** Every waiting poll ends. */
  wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  waitForMore(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

export const NUMBER_SOURCE = 'test.NumberSourceConnector';
export const LIST_SINK = 'test.ListSinkConnector';

export function sourceRecord(number: number, topic = 't', partition = 'p'): SourceRecord {
  return {
    topic,
    kafkaPartition: null,
    keySchema: null,
    key: null,
    valueSchema: Schema.STRING_SCHEMA,
    value: String(number),
    timestamp: null,
    headers: [],
    sourcePartition: { source: partition },
    sourceOffset: { number: BigInt(number) },
  };
}

/** Hands out what the script offers; goes on behind the stored offset. */
export function numberSource(script: Script) {
  return sourceConnector({
    className: NUMBER_SOURCE,
    version: '1',
    summary: 'Numbers as text.',
    delivery: 'at least once',
    examples: [],
    config: configDef({
      topic: { type: 'STRING', importance: 'HIGH', doc: 'Where they go.' },
      password: { type: 'PASSWORD', default: null, importance: 'LOW', doc: 'A secret.' },
      tasks: { type: 'INT', default: 1, importance: 'LOW', doc: 'How many tasks it makes.' },
    }),
    taskConfigs: (parsed, raw) =>
      Array.from({ length: parsed.tasks }, (_, i): ConfigMap => ({ ...raw, part: String(i) })),
    start(_, context) {
      if (script.startError) throw script.startError;
      script.connectorContext = context;
      if (script.connectorHangsIn === 'start') return new Promise(() => {});
      script.log.push('connector start');
    },
    stop() {
      script.log.push('connector stop');
      if (script.connectorHangsIn === 'stop') return new Promise(() => {});
    },
    task() {
      let topic = '';
      return {
        async start(config, context) {
          topic = config.topic;
          script.sourceContext = context;
          const [offset] = await context.offsets([{ source: 'p' }]);
          script.log.push(`start at ${offset?.number ?? 'the beginning'}`);
        },
        async poll(signal) {
          if (script.neverStops) await new Promise(() => {});
          if (script.pollError) throw script.pollError;
          if (script.available.length === 0) await script.waitForMore(signal);
          if (script.pollError) throw script.pollError;
          const numbers = script.available.splice(0);
          return numbers.length === 0 ? null : numbers.map((number) => sourceRecord(number, topic));
        },
        commitRecord: (_, metadata) => void script.committed.push(metadata?.offset ?? null),
        commit: () => void script.log.push('commit'),
        stop: () => void script.log.push('stop'),
      };
    },
  });
}

/** Does with records what the script says, and remembers them. */
export function listSink(script: Script) {
  return sinkConnector({
    className: LIST_SINK,
    version: '1',
    summary: 'Into a list.',
    delivery: 'at least once',
    examples: [],
    config: configDef({}),
    task(): SinkTask {
      let context: SinkTaskContext;
      return {
        start(_, given) {
          context = given;
          script.sinkContext = given;
          script.log.push('start');
        },
        open: (partitions) => void script.log.push(`open ${partitions.map(nameOf).join(' ')}`),
        async put(records) {
          await script.put(records, context);
          script.written.push(...records.map((record) => record.value));
          if (records.length > 0) script.log.push(`put ${records.length}`);
        },
        preCommit(offsets) {
          script.log.push(`preCommit ${offsets.map((it) => `${nameOf(it)}@${it.offset}`).join(' ')}`);
          return script.preCommit?.(offsets) ?? offsets;
        },
        close: (partitions) => void script.log.push(`close ${partitions.map(nameOf).join(' ')}`),
        stop: () => void script.log.push('stop'),
      };
    },
  });
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}-${partition}`;
}
