import { ConfigException, DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { Schema } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';
import { forKeyAndValue } from './sides.ts';
import { fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

/** Java: `org.apache.kafka.connect.transforms.SetSchemaMetadata`, which fails for schemas other than structs. */
export const setSchemaMetadata = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.SetSchemaMetadata',
  summary: 'Gives the schema another name or version.',
  config: configDef({
    'schema.name': { type: 'STRING', default: null, importance: 'HIGH', doc: 'The new name.' },
    'schema.version': { type: 'INT', default: null, importance: 'HIGH', doc: 'The new version.' },
    ...REPLACE_NULL_WITH_DEFAULT,
  }),
  create(parsed, side) {
    const { 'schema.name': name, 'schema.version': version } = parsed;
    if (name === null && version === null) throw new ConfigException('Neither schema name nor version configured');
    const schemas = new UpdatedSchemas((schema) => {
      const { type, optional, defaultValue, doc, parameters } = schema;
      return new Schema(type, {
        optional,
        defaultValue,
        doc,
        parameters,
        name: name ?? schema.name,
        version: version ?? schema.version,
        fields: type === 'STRUCT' ? schema.fields : null,
        keySchema: schema.keySchemaOrNull,
        valueSchema: schema.valueSchemaOrNull,
      });
    });
    return {
      apply(record) {
        const schema = side.schema(record);
        const value = side.value(record) ?? null;
        if (schema === null) {
          if (value === null) return record;
          throw new DataException('Schema required for [updating schema metadata]');
        }
        const updated = schemas.get(schema);
        if (!(value instanceof Struct)) return side.with(record, updated, value);
        const struct = new Struct(updated);
        for (const field of updated.fields)
          struct.put(field, fieldValue(value, field, parsed['replace.null.with.default']));
        return side.with(record, updated, struct);
      },
    };
  },
});
