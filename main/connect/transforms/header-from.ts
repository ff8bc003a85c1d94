import { ConfigException, DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { valueText } from '../api/config-types.ts';
import type { ConnectHeader } from '../api/records.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { validator, validString } from '../api/validators.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue } from './sides.ts';
import { copySchemaBasics, fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

/** Java: `transforms.util.NonEmptyListValidator`. */
const nonEmptyList = validator((name, value) => {
  if (!Array.isArray(value) || value.length === 0)
    throw ConfigException.invalidValue(name, valueText(value), 'Empty list');
}, 'non-empty list');

/** Java: `org.apache.kafka.connect.transforms.HeaderFrom`. */
export const headerFrom = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.HeaderFrom',
  summary: 'Moves or copies fields into headers.',
  config: configDef({
    fields: { type: 'LIST', validator: nonEmptyList, importance: 'HIGH', doc: 'Fields to move or copy.' },
    headers: { type: 'LIST', validator: nonEmptyList, importance: 'HIGH', doc: 'Names of the headers, one per field.' },
    operation: {
      type: 'STRING',
      validator: validString('move', 'copy'),
      importance: 'HIGH',
      doc: 'move takes the fields away, copy keeps them.',
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  }),
  create({ fields, headers, operation, 'replace.null.with.default': replaceNullWithDefault }, side) {
    if (fields.length !== headers.length)
      throw new ConfigException("'fields' config must have the same number of elements as 'headers' config.");
    const purpose = `header ${operation}`;
    const move = operation === 'move';
    const names = new Set(fields);
    const schemas = new UpdatedSchemas((schema) => {
      const builder = copySchemaBasics(schema, SchemaBuilder.struct());
      for (const field of schema.fields) if (!names.has(field.name)) builder.field(field.name, field.schema);
      return builder.build();
    });
    const added = (header: (name: string, key: string) => ConnectHeader) =>
      fields.map((name, i) => header(name, headers[i] as string));
    return {
      apply(record) {
        const schema = side.schema(record);
        if (schema === null) {
          const value = requireMap(side.value(record), purpose);
          const more = added((name, key) => ({ key, schema: null, value: value.get(name) ?? null }));
          const rest = move ? new Map([...value].filter(([name]) => !names.has(name))) : new Map(value);
          return { ...side.with(record, null, rest), headers: [...record.headers, ...more] };
        }
        const value = requireStruct(side.value(record), purpose);
        const more = added((name, key) => {
          const field = value.schema.field(name);
          if (field === undefined) throw new DataException(`Field does not exist: ${name}`);
          return { key, schema: field.schema, value: fieldValue(value, field, replaceNullWithDefault) };
        });
        if (!move) return { ...record, headers: [...record.headers, ...more] };
        const updated = schemas.get(value.schema);
        const rest = new Struct(updated);
        for (const field of updated.fields) rest.put(field, fieldValue(value, field.name, replaceNullWithDefault));
        return { ...side.with(record, updated, rest), headers: [...record.headers, ...more] };
      },
    };
  },
});
