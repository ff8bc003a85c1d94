import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { anyNonDuplicateValues } from '../api/validators.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { transformation } from './sides.ts';
import { fieldValue, REPLACE_NULL_WITH_DEFAULT, UpdatedSchemas } from './updated-schemas.ts';

const PURPOSE = 'copying fields from value to key';

/** Java: `org.apache.kafka.connect.transforms.ValueToKey`. */
export const valueToKey = transformation({
  className: 'org.apache.kafka.connect.transforms.ValueToKey',
  summary: 'Makes a new key from fields of the value.',
  config: configDef({
    fields: {
      type: 'LIST',
      validator: anyNonDuplicateValues(false, false),
      importance: 'HIGH',
      doc: 'Fields of the value that make the key.',
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  }),
  create({ fields, 'replace.null.with.default': replaceNullWithDefault }) {
    const schemas = new UpdatedSchemas((schema) => {
      const builder = SchemaBuilder.struct();
      for (const name of fields) {
        const field = schema.field(name);
        if (field === undefined) throw new DataException(`Field does not exist: ${name}`);
        builder.field(name, field.schema);
      }
      return builder.build();
    });
    return {
      apply(record) {
        if (record.valueSchema === null) {
          const value = requireMap(record.value, PURPOSE);
          const key = new Map(fields.map((name) => [name, value.get(name) ?? null]));
          return { ...record, keySchema: null, key };
        }
        const value = requireStruct(record.value, PURPOSE);
        const keySchema = schemas.get(value.schema);
        const key = new Struct(keySchema);
        for (const name of fields) key.put(name, fieldValue(value, name, replaceNullWithDefault));
        return { ...record, keySchema, key };
      },
    };
  },
});
