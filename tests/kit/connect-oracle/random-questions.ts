import fc from 'fast-check';
import { answer } from './answer.ts';
import type { Question, TypedRecord } from './cases.ts';
import type { TypedSchema, TypedValue } from './typed-values.ts';

const T = 'org.apache.kafka.connect.transforms';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const DATA = 'org.apache.kafka.connect.data';

type Typed = readonly [schema: TypedSchema, value: TypedValue];

const NAMES = ['id', 'name', 'a b', 'ü', '__proto__', 'x', 'y.z', 'constructor', 'n1', 'N'] as const;
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('true', '12', '-1.5', '2001-01-01', 'null', '"', '\\', '\u2028', '😀'),
);
/** Multiples of an eighth: Java before 19 prints some others with a digit too many. */
const eighths = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => String(n / 8));

function whole(bits: number) {
  const [min, max] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n)).map(String);
}

const day = 86_400_000n;
const PRIMITIVES: readonly fc.Arbitrary<Typed>[] = [
  ...([8, 16, 32, 64] as const).map((bits) =>
    whole(bits).map((n): Typed => [{ type: `INT${bits}` }, [`int${bits}`, n]]),
  ),
  eighths.map((n): Typed => [{ type: 'FLOAT32' }, ['float32', n]]),
  eighths.map((n): Typed => [{ type: 'FLOAT64' }, ['float64', n]]),
  fc.boolean().map((it): Typed => [{ type: 'BOOLEAN' }, ['boolean', it]]),
  text.map((it): Typed => [{ type: 'STRING' }, ['string', it.toWellFormed()]]),
  fc
    .uint8Array({ maxLength: 6 })
    .map((it): Typed => [{ type: 'BYTES' }, ['bytes', Buffer.from(it).toString('base64')]]),
  fc
    .tuple(whole(64), fc.integer({ min: 0, max: 5 }))
    .map(
      ([unscaled, scale]): Typed => [
        { type: 'BYTES', name: `${DATA}.Decimal`, version: 1, parameters: [['scale', String(scale)]] },
        ['decimal', unscaled, scale],
      ],
    ),
  fc
    .bigInt({ min: -40_000n, max: 60_000n })
    .map((n): Typed => [{ type: 'INT32', name: `${DATA}.Date`, version: 1 }, ['date', String(n * day)]]),
  fc
    .bigInt({ min: 0n, max: day - 1n })
    .map((n): Typed => [{ type: 'INT32', name: `${DATA}.Time`, version: 1 }, ['date', String(n)]]),
  fc
    .bigInt({ min: -(2n ** 42n), max: 2n ** 43n })
    .map((n): Typed => [{ type: 'INT64', name: `${DATA}.Timestamp`, version: 1 }, ['date', String(n)]]),
];

/** A schema with two values of it: one for the data, one for a default. */
const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc
    .oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.oneof(...PRIMITIVES),
      fc
        .tuple(tie('typed'), fc.nat({ max: 2 }))
        .map(
          ([[schema, value], count]): Typed => [
            { type: 'ARRAY', items: schema },
            ['array', Array.from({ length: count }, () => value)],
          ],
        ),
      fc
        .tuple(tie('typed'), fc.option(text))
        .map(
          ([[schema, value], key]): Typed => [
            { type: 'MAP', keys: { type: 'STRING' }, values: schema },
            ['map', key === null ? [] : [[['string', key.toWellFormed()], value]]],
          ],
        ),
      struct(tie('typed')),
    )
    .chain((it) => described(it)),
}));

function struct(field: fc.Arbitrary<Typed>): fc.Arbitrary<Typed> {
  return fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
      fc.array(field, { minLength: 4, maxLength: 4 }),
    )
    .map(([names, fields]): Typed => {
      const own = names.map((name, i) => [name, (fields[i] as Typed)[0]] as const);
      const schema: TypedSchema = { type: 'STRUCT', fields: own };
      return [schema, ['struct', schema, names.map((_, i) => (fields[i] as Typed)[1])]];
    });
}

/** Optional with a value or without, with a default, with a documentation; a logical type keeps its name. */
function described([schema, value]: Typed): fc.Arbitrary<Typed> {
  return fc
    .record({
      optional: fc.boolean(),
      none: fc.boolean(),
      defaults: fc.boolean(),
      doc: fc.boolean(),
      named: fc.boolean(),
    })
    .map(({ optional, none, defaults, doc, named }): Typed => {
      const full: TypedSchema = {
        ...schema,
        ...(optional ? { optional } : {}),
        ...(named && schema.name === undefined ? { name: 'N', version: 2, parameters: [['p', 'q']] } : {}),
        ...(doc ? { doc: 'D' } : {}),
        ...(defaults && canBeDefault(schema, value) ? { default: value } : {}),
      };
      if (optional && none) return [full, null];
      return [full, schema.type === 'STRUCT' ? ['struct', full, (value as readonly unknown[])[2]] : value];
    });
}

/** Arrays of bytes inside of a default are equal in Java when they are the same object, which they are not here. */
function canBeDefault(schema: TypedSchema, value: TypedValue): boolean {
  return schema.type !== 'STRUCT' && (schema.type === 'BYTES' || !JSON.stringify(value).includes('["bytes"'));
}

/** What JSON without a schema gives: int64, float64, text, booleans, nulls, lists and maps. */
const schemaless = fc.letrec<{ value: TypedValue; map: TypedValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.oneof(
      whole(64).map((n): TypedValue => ['int64', n]),
      eighths.map((n): TypedValue => ['float64', n]),
      text.map((it): TypedValue => ['string', it.toWellFormed()]),
      fc.boolean().map((it): TypedValue => ['boolean', it]),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((items): TypedValue => ['array', items]),
    tie('map'),
  ),
  map: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 1, selector: ([name]) => name })
    .map((entries): TypedValue => ['map', entries.map(([name, value]) => [['string', name], value])]),
}));

const written: fc.Arbitrary<Question> = fc
  .record({
    typed,
    schemas: fc.constantFrom('true', 'false'),
    decimals: fc.constantFrom('BASE64', 'NUMERIC'),
    defaults: fc.constantFrom('true', 'false'),
    isKey: fc.boolean(),
  })
  .map(({ typed: [schema, value], schemas, decimals, defaults, isKey }) => ({
    kind: 'write',
    class: JSON_CONVERTER,
    config: { 'schemas.enable': schemas, 'decimal.format': decimals, 'replace.null.with.default': defaults },
    isKey,
    schema,
    value,
  }));

/** What a converter wrote, read by the same. */
const readBack: fc.Arbitrary<Question> = written.chain((question) => {
  const result = answer(question);
  const bytes = 'ok' in result ? (result.ok as string | null) : null;
  const { class: name, config = {}, isKey = false } = question as Question & { kind: 'write' };
  return fc.constant({ kind: 'read', class: name, config, isKey, bytes } as const);
});

/** Java prints an array of bytes as its address. */
const printable = typed.filter(([schema]) => !/"BYTES"(?!,"name":"org\.apache)/.test(JSON.stringify(schema)));

const printed: fc.Arbitrary<Question> = printable.map(([schema, value]) => ({
  kind: 'write',
  class: STRING_CONVERTER,
  schema,
  value,
}));

const header: fc.Arbitrary<Question> = printable.map(([schema, value]) => ({
  kind: 'write-header',
  class: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  schema,
  value,
}));

const KEPT = fc.constantFrom<Record<string, string>>({}, { 'replace.null.with.default': 'false' });
const someNames = fc.uniqueArray(fc.constantFrom('id', 'name', 'x', 'ü', 'N'), { minLength: 1, maxLength: 3 });

const stages: readonly fc.Arbitrary<readonly [name: string, config: Record<string, string>]>[] = [
  fc.constantFrom('.', '_').map((delimiter) => ['Flatten', { delimiter }]),
  fc.constantFrom(...NAMES).map((field) => ['HoistField', { field }]),
  fc.constantFrom('id', 'name', 'x', 'ü').map((field) => ['ExtractField', { field }]),
  fc
    .constantFrom('id.x', 'x.name', 'name.N.x', 'ü.id')
    .map((field) => ['ExtractField', { field, 'field.syntax.version': 'V2' }]),
  someNames.map((names) => ['ReplaceField', { exclude: names.join() }]),
  someNames.map((names) => ['ReplaceField', { include: names.join(), renames: `${names[0]}:renamed` }]),
  fc
    .constantFrom('s', 's!', 's?')
    .map((name) => ['InsertField', { 'static.field': name, 'static.value': 'v', 'topic.field': 't' }]),
  fc
    .tuple(someNames, fc.constantFrom('int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'))
    .map(([names, type]) => ['Cast', { spec: names.map((name) => `${name}:${type}`).join() }]),
  someNames.map((names) => ['MaskField', { fields: names.join() }]),
  someNames.map((names) => ['ValueToKey', { fields: names.join() }]),
  fc.constantFrom('New', 'N').map((name) => ['SetSchemaMetadata', { 'schema.name': name, 'schema.version': '7' }]),
  someNames.map((names) => ['HeaderFrom', { fields: names.join(), headers: names.join(), operation: 'copy' }]),
];

const transformed: fc.Arbitrary<Question> = fc
  .record({
    stage: fc.oneof(...stages),
    kept: KEPT,
    side: fc.constantFrom('Key', 'Value'),
    of: fc.oneof(
      struct(typed),
      struct(typed).chain(described),
      schemaless.map.map((value) => [null, value] as const),
    ),
  })
  .map(({ stage: [name, config], kept, side, of: [schema, value] }) => {
    const settings = name === 'Flatten' || name === 'HoistField' ? config : { ...config, ...kept };
    const rest = { topic: 't', timestamp: '1000000000000' };
    const record: TypedRecord =
      side === 'Key' ? { ...rest, keySchema: schema, key: value } : { ...rest, valueSchema: schema, value };
    const className = name === 'ValueToKey' ? name : `${name}$${side}`;
    return { kind: 'transform' as const, class: `${T}.${className}`, config: settings, record };
  })
  .filter((question) => !isListedDifference(question));

/** Casts and masks of logical types, casts without a schema: transform-cases.ts has them, with reasons. */
function isListedDifference({ class: name, record }: { class: string; record: TypedRecord }): boolean {
  const logical = JSON.stringify([record.keySchema, record.valueSchema]).includes(DATA);
  const bare = record.keySchema === null || record.valueSchema === null;
  return (name.includes('Cast') && (logical || bare)) || (name.includes('MaskField') && logical);
}

const json: fc.Arbitrary<Question> = fc
  .tuple(
    schemaless.value.map((value) =>
      answer({ kind: 'write', class: JSON_CONVERTER, config: { 'schemas.enable': 'false' }, schema: null, value }),
    ),
    fc.constantFrom('', ' ', '\n', ' x', ']'),
  )
  .map(([written, behind]) => {
    const bytes = 'ok' in written ? Buffer.from((written.ok as string | null) ?? '', 'base64') : Buffer.alloc(0);
    const all = Buffer.concat([bytes, Buffer.from(behind)]).toString('base64');
    return { kind: 'read', class: JSON_CONVERTER, config: { 'schemas.enable': 'false' }, bytes: all };
  });

/** Questions to which our answers have to be those of Kafka's classes, none of the listed differences among them. */
export const randomQuestion: fc.Arbitrary<Question> = fc.oneof(written, readBack, printed, header, transformed, json);
