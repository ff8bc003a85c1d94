import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { APIS } from '../../../../main/protocol/messages/apis.ts';
import { ApiException, Errors } from '../../../../main/protocol/messages/errors.ts';
import type { Field, Fields, FieldType } from '../../../../main/protocol/schema/fields.ts';
import type { Message } from '../../../../main/protocol/schema/message.ts';
import { includes, type VersionRange, versionRange } from '../../../../main/protocol/schema/versions.ts';
import { KAFKA_VERSION, kafkaLibs } from '../../../../scripts/kafka-jars.mjs';
import { needs } from '../../../kit/needs.ts';
import { NESTED_MESSAGES } from '../../../kit/nested-messages.ts';
import { askKafka } from '../../../kit/protocol-peer.ts';

/** Our tables against the definitions inside Kafka's own jars: field by field, for every version that both have. */
interface KafkaField {
  name: string;
  type: string;
  versions?: string;
  nullableVersions?: string;
  taggedVersions?: string;
  tag?: number;
  /** JSON's null is no default at all; the text `null` is one */
  default?: string | number | boolean | null;
  fields?: KafkaField[];
}
interface KafkaMessage {
  apiKey?: number;
  name: string;
  validVersions: string;
  flexibleVersions: string;
  latestVersionUnstable?: boolean;
  fields: KafkaField[];
  commonStructs?: KafkaField[];
}

/** One line a field, the same for both sides. */
interface Line {
  path: string;
  type: string;
  nullable: boolean;
  tag: number | undefined;
  default: string | undefined;
}

const missing = needs('kafka');
const definitions = new Map<string, KafkaMessage>();

beforeAll(() => {
  if (missing) return;
  for (const jar of ['kafka-clients', 'kafka-group-coordinator', 'kafka-transaction-coordinator']) {
    const text = execFileSync(
      'unzip',
      ['-p', join(kafkaLibs(), `${jar}-${KAFKA_VERSION}.jar`), 'common/message/*.json'],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    // The files follow one another; each begins with `{` in the first column and ends with `}` there.
    for (const json of text.replace(/^\s*\/\/.*$/gm, '').matchAll(/^\{[\s\S]*?^\}/gm)) {
      const definition = JSON.parse(json[0]) as KafkaMessage;
      definitions.set(definition.name, definition);
    }
  }
});

const camel = (name: string) => name[0]!.toLowerCase() + name.slice(1);
const range = (text: string | undefined): VersionRange => versionRange(text ?? 'none');

function kafkaLines(definition: KafkaMessage, version: number): Line[] {
  const common = new Map((definition.commonStructs ?? []).map((each) => [each.name, each.fields]));
  const flexible = includes(range(definition.flexibleVersions), version);
  const walk = (fields: readonly KafkaField[], prefix: string): Line[] =>
    fields.flatMap((field) => {
      const tagged = field.tag !== undefined && includes(range(field.taggedVersions), version);
      if (!includes(range(field.versions), version) && !tagged) return [];
      if (tagged && !flexible) return [];
      const path = prefix + camel(field.name);
      const array = field.type.startsWith('[]');
      const base = field.type.replace('[]', '');
      const inner = field.fields ?? common.get(base);
      const line: Line = {
        path,
        type: `${array ? '[]' : ''}${inner ? 'struct' : base}`,
        nullable: includes(range(field.nullableVersions), version),
        tag: tagged ? field.tag : undefined,
        default: inner || array ? (field.default === 'null' ? 'null' : undefined) : kafkaDefault(field, base),
      };
      return [line, ...(inner ? walk(inner, `${path}.`) : [])];
    });
  return walk(definition.fields, '');
}

function kafkaDefault(field: KafkaField, type: string): string {
  if (field.default === undefined || field.default === null) {
    return type === 'bool'
      ? 'false'
      : /^u?int|float/.test(type)
        ? '0'
        : type === 'uuid'
          ? 'AAAAAAAAAAAAAAAAAAAAAA'
          : '';
  }
  const text = String(field.default);
  return /^0x/.test(text) ? String(Number(text)) : text;
}

function ourLines(message: Message, version: number): Line[] {
  const flexible = includes(message.flexible, version);
  // A message of nothing but defaults shows what the decoder puts where a version lacks a field.
  const walk = (fields: Fields, prefix: string): Line[] =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (!includes(field.versions, version) || (field.tag !== undefined && !flexible)) return [];
      const path = prefix + name;
      const { text, inner } = typeOf(field.type);
      const line: Line = {
        path,
        type: text,
        nullable: includes(field.nullable, version),
        tag: field.tag,
        default: ourDefault(field),
      };
      return [line, ...(inner ? walk(inner, `${path}.`) : [])];
    });
  return walk(message.fields, '');
}

function typeOf(type: FieldType): { text: string; inner?: Fields } {
  if (type.kind === 'scalar') return { text: type.scalar };
  if (type.kind === 'struct') return { text: 'struct', inner: type.fields };
  const { text, inner } = typeOf(type.element);
  return { text: `[]${text}`, inner };
}

function ourDefault(field: Field): string | undefined {
  if (field.default === null) return 'null';
  if (field.type.kind !== 'scalar') return undefined;
  if (field.default !== undefined) return String(field.default);
  switch (field.type.scalar) {
    case 'bool':
      return 'false';
    case 'string':
    case 'bytes':
    case 'records':
      return '';
    case 'uuid':
      return 'AAAAAAAAAAAAAAAAAAAAAA';
    default:
      return '0';
  }
}

function expectSame(message: Message, shift = 0): void {
  const definition = definitions.get(message.name);
  expect(definition, `${message.name} is in Kafka's jars`).toBeDefined();
  const valid = range(definition!.validVersions);
  for (let version = Math.max(shift, message.versions.min); version <= message.versions.max; version++) {
    const kafkas = version - shift;
    const ours = {
      version,
      known: true,
      flexible: includes(message.flexible, version),
      lines: ourLines(message, version),
    };
    expect(ours).toEqual({
      version,
      known: includes(valid, kafkas),
      flexible: includes(range(definition!.flexibleVersions), kafkas),
      lines: kafkaLines(definition!, kafkas),
    });
  }
}

describe.skipIf(missing).each(APIS.map((api) => [api.name, api] as const))('%s', (name, api) => {
  test('has the key and the versions that Kafka serves', () => {
    const definition = definitions.get(`${name}Request`)!;
    const served = { ...range(definition.validVersions) };
    if (definition.latestVersionUnstable) served.max -= 1;
    expect({ key: api.key, versions: api.versions }).toEqual({ key: definition.apiKey, versions: served });
  });
  test("request has Kafka's fields", () => expectSame(api.request));
  test("response has Kafka's fields", () => expectSame(api.response));
});

test.skipIf(missing).each(NESTED_MESSAGES)("%s has Kafka's fields", (name, _, message) => {
  const shift = name.endsWith('Key') ? message.versions.max : 0; // Kafka 4 numbers a key's versions from 0
  expectSame(message, shift);
});

test.skipIf(missing)("errors have the codes, classes and retriability of Kafka's", async () => {
  const [rows] = await askKafka(['errors']);
  const ours = Object.entries(Errors).map(([name, code]) => {
    const error = new ApiException(code);
    return [name, code, code === 0 ? '' : error.javaClass, error.retriable].join(',');
  });
  expect(ours).toEqual(rows!.split(' '));
});
