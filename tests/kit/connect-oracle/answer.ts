import { KafkaException } from '../../../common/errors.ts';
import type { AnyConfigKey, ConfigDef, Validator } from '../../../main/connect/api/config-def.ts';
import { toConfigInfos } from '../../../main/connect/api/config-infos.ts';
import { parseType } from '../../../main/connect/api/config-types.ts';
import { parseConfig, validateConfig } from '../../../main/connect/api/config-validation.ts';
import { javaDouble, javaFloat } from '../../../main/connect/api/java-number.ts';
import { javaText } from '../../../main/connect/api/java-text.ts';
import { Password } from '../../../main/connect/api/password.ts';
import type { SchemaAndValue } from '../../../main/connect/api/plugins.ts';
import type { ConnectRecord } from '../../../main/connect/api/records.ts';
import { JavaPattern } from '../../../main/connect/api/regex/java-pattern.ts';
import { validRegex } from '../../../main/connect/api/regex/regex-validator.ts';
import { validateValue } from '../../../main/connect/api/schema-validation.ts';
import * as validators from '../../../main/connect/api/validators.ts';
import { converters, headerConverters } from '../../../main/connect/converters/index.ts';
import { predicates } from '../../../main/connect/predicates/index.ts';
import { transformations } from '../../../main/connect/transforms/index.ts';
import type { Answer, Question, TypedKey, TypedRecord } from './cases.ts';
import { fromSchema, fromValue, toSchema, toValue } from './typed-values.ts';

/** What our rooms answer, in the oracle's form. */
export function answer(question: Question): Answer {
  try {
    return { ok: JSON.parse(JSON.stringify(ok(question))) };
  } catch (error) {
    const javaClass = error instanceof KafkaException ? error.javaClass : `java.lang.${(error as Error).name}`;
    return { error: [javaClass, (error as Error).message] };
  }
}

function ok(q: Question): unknown {
  switch (q.kind) {
    case 'number-text': {
      const bytes = Buffer.from(q.bits.padStart(q.type === 'float32' ? 8 : 16, '0'), 'hex');
      return q.type === 'float32' ? javaFloat(bytes.readFloatBE()) : javaDouble(bytes.readDoubleBE());
    }
    case 'text':
      return javaText(toSchema(q.schema), toValue(q.value));
    case 'validate':
      validateValue(toSchema(q.schema)!, toValue(q.value));
      return 'valid';
    case 'read':
      return described(
        plugin(converters, q.class)
          .create(q.config ?? {}, q.isKey ?? false)
          .toConnectData('topic', bytes(q.bytes)),
      );
    case 'write':
      return binary(
        plugin(converters, q.class)
          .create(q.config ?? {}, q.isKey ?? false)
          .fromConnectData('topic', toSchema(q.schema), toValue(q.value)),
      );
    case 'read-header':
      return described(
        plugin(headerConverters, q.class)
          .create(q.config ?? {})
          .toConnectHeader('topic', { key: Buffer.from('header'), name: 'header', value: bytes(q.bytes) }),
      );
    case 'write-header':
      return binary(
        plugin(headerConverters, q.class)
          .create(q.config ?? {})
          .fromConnectHeader('topic', { key: 'header', schema: toSchema(q.schema), value: toValue(q.value) }),
      );
    case 'transform': {
      const transformation = plugin(transformations, q.class).create(q.config);
      const before = record(q.record);
      transformation.apply(before);
      return describeRecord(transformation.apply(before));
    }
    case 'predicate':
      return plugin(predicates, q.class).create(q.config).test(record(q.record));
    case 'config':
      return config(q.keys, q.config as Record<string, string>);
    case 'plugins':
      return [...converters, ...headerConverters, ...transformations, ...predicates]
        .filter(({ className }) => className.startsWith('org.apache.kafka.'))
        .map(({ kind, className, config }) => [`${kind} ${className}`, Object.keys(config.keys).sort()] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    case 'regex': {
      const pattern = new JavaPattern(q.pattern);
      const results: unknown[] = [pattern.matches(q.text), pattern.find(q.text)];
      if (q.replacement !== undefined) results.push(pattern.replaceFirst(q.text, pattern.replacement(q.replacement)));
      return results;
    }
  }
}

function plugin<P extends { className: string }>(plugins: readonly P[], className: string): P {
  const found = plugins.find((it) => it.className === className);
  if (found === undefined) throw new Error(`no plugin ${className}`);
  return found;
}

function bytes(base64: string | null): Uint8Array | null {
  return base64 === null ? null : Buffer.from(base64, 'base64');
}

function binary(result: Uint8Array | null): string | null {
  return result === null ? null : Buffer.from(result).toString('base64');
}

function described({ schema, value }: SchemaAndValue): unknown {
  return [fromSchema(schema), fromValue(schema, value)];
}

function record(typed: TypedRecord): ConnectRecord {
  const base: ConnectRecord = {
    topic: typed.topic ?? 'topic',
    kafkaPartition: typed.partition ?? null,
    keySchema: toSchema(typed.keySchema),
    key: toValue(typed.key),
    valueSchema: toSchema(typed.valueSchema),
    value: toValue(typed.value),
    timestamp: typed.timestamp === undefined ? null : BigInt(typed.timestamp),
    headers: (typed.headers ?? []).map(([key, schema, value]) => ({
      key,
      schema: toSchema(schema),
      value: toValue(value),
    })),
  };
  if (typed.offset === undefined) return { ...base, sourcePartition: {}, sourceOffset: {} } as ConnectRecord;
  return { ...base, kafkaPartition: typed.partition ?? 0, kafkaOffset: BigInt(typed.offset) } as ConnectRecord;
}

function describeRecord(result: ConnectRecord | null): unknown {
  if (result === null) return null;
  return {
    topic: result.topic,
    partition: result.kafkaPartition,
    timestamp: result.timestamp === null ? null : result.timestamp.toString(),
    keySchema: fromSchema(result.keySchema),
    key: fromValue(result.keySchema, result.key),
    valueSchema: fromSchema(result.valueSchema),
    value: fromValue(result.valueSchema, result.value),
    headers: result.headers.map((header) => [
      header.key,
      fromSchema(header.schema),
      fromValue(header.schema, header.value),
    ]),
  };
}

function config(keys: readonly TypedKey[], props: Record<string, string>): unknown {
  const def: ConfigDef = { keys: Object.fromEntries(keys.map((key) => [key.name, toKey(key)])) };
  const texts: Record<string, string> = {};
  for (const name of Object.keys(def.keys).sort()) {
    const validator = def.keys[name]?.validator;
    if (validator !== undefined) texts[name] = validator.toString();
  }
  let parsed: unknown;
  try {
    const all = parseConfig(def, props) as Record<string, unknown>;
    const sorted: Record<string, unknown> = {};
    for (const name of Object.keys(all).sort()) sorted[name] = describeConfig(def.keys[name]!.type, all[name]);
    parsed = sorted;
  } catch (error) {
    if (!(error instanceof KafkaException)) throw error;
    parsed = 'fails';
  }
  return [parsed, toConfigInfos('name', def, validateConfig(def, props)), texts];
}

function toKey({ validator, default: text, ...key }: TypedKey): AnyConfigKey {
  const made = { doc: '', ...key, validator: validator && toValidator(validator) } as AnyConfigKey;
  if (text === undefined) return made;
  return { ...made, default: text === null ? null : parseType(key.name, text, made.type) } as AnyConfigKey;
}

function toValidator([name, ...args]: readonly unknown[]): Validator {
  switch (name) {
    case 'composite':
      return validators.compositeValidator(...(args[0] as (readonly unknown[])[]).map(toValidator));
    case 'validRegex':
      return validRegex();
    case 'validString':
      return validators.validString(...(args[0] as string[]));
    case 'caseInsensitiveValidString':
      return validators.caseInsensitiveValidString(...(args[0] as string[]));
    default:
      return (validators as unknown as Record<string, (...args: unknown[]) => Validator>)[name as string]!(...args);
  }
}

function describeConfig(type: string, value: unknown): unknown {
  if (value instanceof Password) return ['password', value.value()];
  if (Array.isArray(value)) return ['list', value];
  if (typeof value === 'number' && type !== 'DOUBLE') return [type === 'SHORT' ? 'int16' : 'int32', String(value)];
  return fromValue(null, value);
}
