import { ConfigException } from '../../../common/errors.ts';
import { configDef, type ParsedConfig } from '../api/config-def.ts';
import { valueText } from '../api/config-types.ts';
import type { Transformation } from '../api/plugins.ts';
import type { ConnectRecord } from '../api/records.ts';
import type { Schema } from '../api/schema.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { anyNonDuplicateValues, validator } from '../api/validators.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue, type Side } from './sides.ts';
import { copySchemaBasics, fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

const PURPOSE = 'field replacement';

const config = configDef({
  exclude: {
    type: 'LIST',
    default: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'MEDIUM',
    doc: 'Fields that are left out, even those to include.',
  },
  include: {
    type: 'LIST',
    default: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'MEDIUM',
    doc: 'If given, only these fields stay.',
  },
  renames: {
    type: 'LIST',
    default: [],
    validator: validator(
      (_name, value) => void renamesOf(value as readonly string[]),
      'list of colon-delimited pairs, e.g. <code>foo:bar,abc:xyz</code>',
    ),
    importance: 'MEDIUM',
    doc: 'New names, as old:new pairs.',
  },
  ...REPLACE_NULL_WITH_DEFAULT,
});

/** Java: `org.apache.kafka.connect.transforms.ReplaceField`. */
export const replaceField = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.ReplaceField',
  summary: 'Drops or renames fields.',
  config,
  create: (parsed, side) => new ReplaceField(parsed, side),
});

class ReplaceField implements Transformation {
  readonly #side: Side;
  readonly #exclude: ReadonlySet<string>;
  readonly #include: ReadonlySet<string>;
  readonly #renames: ReadonlyMap<string, string>;
  readonly #originals: ReadonlyMap<string, string>;
  readonly #replaceNullWithDefault: boolean;
  readonly #schemas = new UpdatedSchemas((schema) => this.#updatedSchema(schema));

  constructor(parsed: ParsedConfig<typeof config.keys>, side: Side) {
    this.#side = side;
    this.#exclude = new Set(parsed.exclude);
    this.#include = new Set(parsed.include);
    this.#renames = renamesOf(parsed.renames);
    this.#originals = new Map([...this.#renames].map(([from, to]) => [to, from]));
    this.#replaceNullWithDefault = parsed['replace.null.with.default'];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const value = this.#side.value(record);
    if (value === null || value === undefined) return record;
    return this.#side.schema(record) === null ? this.#schemaless(record, value) : this.#withSchema(record, value);
  }

  #schemaless<R extends ConnectRecord>(record: R, value: unknown): R {
    const updated = new Map<string, unknown>();
    for (const [name, item] of requireMap(value, PURPOSE))
      if (this.#stays(name)) updated.set(this.#renames.get(name) ?? name, item);
    return this.#side.with(record, null, updated);
  }

  #withSchema<R extends ConnectRecord>(record: R, value: unknown): R {
    const struct = requireStruct(value, PURPOSE);
    const schema = this.#schemas.get(struct.schema);
    const updated = new Struct(schema);
    for (const field of schema.fields) {
      const original = this.#originals.get(field.name) ?? field.name;
      updated.put(field, fieldValue(struct, original, this.#replaceNullWithDefault));
    }
    return this.#side.with(record, schema, updated);
  }

  #updatedSchema(schema: Schema): Schema {
    const builder = copySchemaBasics(schema, SchemaBuilder.struct());
    for (const field of schema.fields)
      if (this.#stays(field.name)) builder.field(this.#renames.get(field.name) ?? field.name, field.schema);
    return builder.build();
  }

  #stays(name: string): boolean {
    return !this.#exclude.has(name) && (this.#include.size === 0 || this.#include.has(name));
  }
}

/** As Java splits: `a:b:` is a pair, `a:` is none. */
function renamesOf(mappings: readonly string[]): Map<string, string> {
  const renames = new Map<string, string>();
  for (const mapping of mappings) {
    const parts = mapping.replace(/:+$/, '').split(':');
    if (parts.length !== 2)
      throw ConfigException.invalidValue('renames', valueText(mappings), `Invalid rename mapping: ${mapping}`);
    renames.set(parts[0] as string, parts[1] as string);
  }
  return renames;
}
