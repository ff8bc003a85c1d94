import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { caseInsensitiveValidString } from '../api/validators.ts';
import { FieldPath } from './field-path.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue } from './sides.ts';
import { REPLACE_NULL_WITH_DEFAULT } from './updated-schemas.ts';

const PURPOSE = 'field extraction';

/** Java: `org.apache.kafka.connect.transforms.ExtractField`. */
export const extractField = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.ExtractField',
  summary: 'Replaces the key or value by one of its fields.',
  config: configDef({
    field: { type: 'STRING', importance: 'MEDIUM', doc: 'The field; with field.syntax.version=V2 a path (a.b).' },
    ...REPLACE_NULL_WITH_DEFAULT,
    'field.syntax.version': {
      type: 'STRING',
      default: 'V1',
      validator: caseInsensitiveValidString('V1', 'V2'),
      importance: 'HIGH',
      doc: 'V1: field is a name. V2: dots lead into nested fields; names with dots stand in backticks.',
    },
  }),
  create(parsed, side) {
    const path = new FieldPath(parsed.field, parsed['field.syntax.version'].toUpperCase() === 'V2');
    return {
      apply(record) {
        const schema = side.schema(record);
        const value = side.value(record) ?? null;
        if (schema === null)
          return side.with(record, null, value === null ? null : path.valueFromMap(requireMap(value, PURPOSE)));
        const struct = value === null ? null : requireStruct(value, PURPOSE);
        const field = path.fieldFrom(schema);
        if (field === undefined) throw new DataException(`Unknown field: ${parsed.field}`, { key: 'field' });
        return side.with(
          record,
          field.schema,
          struct === null ? null : path.valueFromStruct(struct, parsed['replace.null.with.default']),
        );
      },
    };
  },
});
