import { ConnectException } from '../../../common/errors.ts';
import type { ConfigMap, SinkTask, SourceTask } from '../api/connector.ts';
import type { Converter, HeaderConverter, Predicate, SchemaAndValue, Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Definition } from './check-definition.ts';
import { shown } from './plugin-mistakes.ts';
import { recordMistake, sourceRecordMistake } from './record-mistakes.ts';

/**
 * The same plugin, whose answers are looked at before the worker uses them: JavaScript lets a promise pass for a
 * record, and undefined for an offset, and then something breaks far from the mistake. Throws ConnectException
 * (PLUGIN_MISTAKE) that names the class, the call and the cure. For plugins of others; ours are checked by types.
 */
export function guardedPlugin(definition: Definition): Definition {
  const guard = new Guard(definition.className);
  switch (definition.kind) {
    case 'source':
      return {
        ...definition,
        task() {
          return guardedSource(guard.made('task()', definition.task.call(this), ['start', 'poll', 'stop']), guard);
        },
      };
    case 'sink':
      return {
        ...definition,
        task() {
          return guardedSink(guard.made('task()', definition.task.call(this), ['start', 'put', 'stop']), guard);
        },
      };
    case 'converter':
      return {
        ...definition,
        create: (config: ConfigMap, isKey: boolean) => guardedConverter(definition.create(config, isKey), guard),
      };
    case 'header_converter':
      return {
        ...definition,
        create: (config: ConfigMap) => guardedHeaderConverter(definition.create(config), guard),
      };
    case 'transformation':
      return {
        ...definition,
        create: (config: ConfigMap) => guardedTransformation(definition.create(config), guard),
      };
    case 'predicate':
      return { ...definition, create: (config: ConfigMap) => guardedPredicate(definition.create(config), guard) };
  }
}

class Guard {
  readonly #className: string;

  constructor(className: string) {
    this.#className = className;
  }

  mistake(text: string): ConnectException {
    return new ConnectException(`${this.#className}: ${text}`, { code: 'PLUGIN_MISTAKE' });
  }

  /** It has these methods. */
  made<T>(call: string, made: T, methods: readonly string[]): T {
    for (const method of methods)
      if (typeof (made as Record<string, unknown> | null | undefined)?.[method] !== 'function')
        throw this.mistake(
          `${call} returned ${shown(made)} without ${method}(): return an object with ${methods.join(', ')}`,
        );
    return made;
  }

  /** These are called once a record and can't be waited for. */
  atOnce<T>(call: string, result: T): T {
    if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function')
      throw this.mistake(`${call} returned a promise: it has to answer at once, without async`);
    return result;
  }

  bytes(call: string, result: Uint8Array | null): Uint8Array | null {
    if (this.atOnce(call, result) === null || result instanceof Uint8Array) return result;
    throw this.mistake(`${call} returned ${shown(result)}: return bytes (a Buffer or Uint8Array), or null`);
  }

  schemaAndValue(call: string, result: SchemaAndValue): SchemaAndValue {
    if (
      typeof this.atOnce(call, result) === 'object' &&
      result !== null &&
      result.schema !== undefined &&
      result.value !== undefined
    )
      return result;
    throw this.mistake(`${call} returned ${shown(result)} without { schema, value }: write null for none`);
  }
}

function guardedSource(task: SourceTask, guard: Guard): SourceTask {
  return {
    start: (config, context) => task.start(config, context),
    async poll(signal) {
      const records: unknown = await task.poll(signal);
      if (records === null) return null;
      if (!Array.isArray(records))
        throw guard.mistake(`poll() resolved to ${shown(records)}: return an array of records, or null for none`);
      for (const record of records) {
        const mistake = sourceRecordMistake(record);
        if (mistake !== null) throw guard.mistake(`in what poll() returned ${mistake}`);
      }
      return records;
    },
    ...(task.commitRecord && { commitRecord: (record, metadata) => task.commitRecord?.(record, metadata) }),
    ...(task.commit && { commit: () => task.commit?.() }),
    stop: () => task.stop(),
  };
}

function guardedSink(task: SinkTask, guard: Guard): SinkTask {
  return {
    start: (config, context) => task.start(config, context),
    put: (records) => task.put(records),
    ...(task.open && { open: (partitions) => task.open?.(partitions) }),
    ...(task.flush && { flush: (offsets) => task.flush?.(offsets) }),
    ...(task.preCommit && {
      async preCommit(offsets) {
        const answer: unknown = await task.preCommit?.(offsets);
        const known = new Set(offsets.map(({ topic, partition }) => `${topic}-${partition}`));
        const fits =
          Array.isArray(answer) &&
          answer.every((it) => typeof it?.offset === 'bigint' && known.has(`${it.topic}-${it.partition}`));
        if (fits) return answer;
        throw guard.mistake(
          `preCommit() returned ${shown(answer)}: return those of the offsets it got, { topic, partition, offset }, that may be committed`,
        );
      },
    }),
    ...(task.close && { close: (partitions) => task.close?.(partitions) }),
    stop: () => task.stop(),
  };
}

function guardedConverter(made: Converter, guard: Guard): Converter {
  const converter = guard.made('create()', made, ['fromConnectData', 'toConnectData']);
  return {
    fromConnectData: (topic, schema, value) =>
      guard.bytes('fromConnectData()', converter.fromConnectData(topic, schema, value)),
    toConnectData: (topic, bytes) => guard.schemaAndValue('toConnectData()', converter.toConnectData(topic, bytes)),
  };
}

function guardedHeaderConverter(made: HeaderConverter, guard: Guard): HeaderConverter {
  const converter = guard.made('create()', made, ['fromConnectHeader', 'toConnectHeader']);
  return {
    fromConnectHeader: (topic, header) =>
      guard.bytes('fromConnectHeader()', converter.fromConnectHeader(topic, header)),
    toConnectHeader: (topic, header) =>
      guard.schemaAndValue('toConnectHeader()', converter.toConnectHeader(topic, header)),
  };
}

function guardedTransformation(made: Transformation, guard: Guard): Transformation {
  const transformation = guard.made('create()', made, ['apply']);
  return {
    apply<R extends ConnectRecord>(record: R): R | null {
      const result = guard.atOnce('apply()', transformation.apply(record));
      if (result === null) return null;
      if (result === undefined) throw guard.mistake('apply() returned undefined: return a record, or null to drop it');
      const mistake = recordMistake(result);
      if (mistake !== null) throw guard.mistake(`in what apply() returned ${mistake}`);
      return result;
    },
    ...(transformation.close && { close: () => transformation.close?.() }),
  };
}

function guardedPredicate(made: Predicate, guard: Guard): Predicate {
  const predicate = guard.made('create()', made, ['test']);
  return {
    test(record) {
      const result = guard.atOnce('test()', predicate.test(record));
      if (typeof result === 'boolean') return result;
      throw guard.mistake(`test() returned ${shown(result)}: return true or false`);
    },
  };
}
