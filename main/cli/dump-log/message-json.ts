import type { Field, Fields, FieldType } from '../../protocol/schema/fields.ts';
import type { Message } from '../../protocol/schema/message.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import { includes } from '../../protocol/schema/versions.ts';

/** Fields that are shown as something else than their bytes, by name. */
export type Shown = ReadonlyMap<string, (bytes: Buffer) => string | null>;

/** A message as Kafka's generated converters write it (`…JsonConverter`): text, as int64 is no number of JavaScript. */
export function messageJson<F extends Fields>(
  { fields }: Message<F>,
  version: number,
  value: object,
  shown: Shown = new Map(),
): string {
  return structJson(fields, version, value, shown);
}

function structJson(fields: Fields, version: number, value: object, shown: Shown): string {
  const values = new Map(Object.entries(value));
  const members = Object.entries(fields)
    .filter(([name, field]) => includes(field.versions, version) && !isUnsentTag(field, values.get(name)))
    .map(([name, field]) => {
      const member = values.get(name);
      const special = Buffer.isBuffer(member) ? (shown.get(name)?.(member) ?? null) : null;
      return `${JSON.stringify(name)}:${special ?? valueJson(field.type, version, member, shown)}`;
    });
  return `{${members.join(',')}}`;
}

/** A tagged field with its default is not sent, and not shown. */
function isUnsentTag({ tag, default: byDefault, type }: Field, value: unknown): boolean {
  if (tag === undefined) return false;
  if (byDefault !== undefined) return value === byDefault;
  // That null may stand there does not make it the default.
  if (value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  return type.kind === 'scalar' && (value === ZERO_UUID || value === 0 || value === 0n || value === '');
}

function valueJson(type: FieldType, version: number, value: unknown, shown: Shown): string {
  if (value === null || value === undefined) return 'null';
  if (type.kind === 'array') {
    return `[${(value as unknown[]).map((each) => valueJson(type.element, version, each, shown)).join(',')}]`;
  }
  if (type.kind === 'struct') return structJson(type.fields, version, value, shown);
  if (typeof value === 'bigint') return value.toString();
  if (type.scalar === 'float64' && Number.isInteger(value)) return `${value}.0`;
  return JSON.stringify(value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
}
