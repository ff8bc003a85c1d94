import { configDef } from '../api/config-def.ts';
import { SchemaBuilder } from '../api/schema-builder.ts';
import { Struct } from '../api/struct.ts';
import { forKeyAndValue } from './sides.ts';
import { UpdatedSchemas } from './updated-schemas.ts';

/** Java: `org.apache.kafka.connect.transforms.HoistField`. */
export const hoistField = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.HoistField',
  summary: 'Wraps the whole key or value into a field of a new Struct or Map.',
  config: configDef({
    field: { type: 'STRING', importance: 'MEDIUM', doc: 'Name of the only field of the new Struct or Map.' },
  }),
  create({ field }, side) {
    const schemas = new UpdatedSchemas((schema) => SchemaBuilder.struct().field(field, schema).build());
    return {
      apply(record) {
        const schema = side.schema(record);
        const value = side.value(record);
        if (schema === null) return side.with(record, null, new Map([[field, value]]));
        const updated = schemas.get(schema);
        return side.with(record, updated, new Struct(updated).put(field, value));
      },
    };
  },
});
