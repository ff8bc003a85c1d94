import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { Decimal } from '../api/decimal.ts';
import { javaClassOf } from '../api/java-class.ts';
import { isDateSchema } from '../api/logical-types.ts';
import type { Schema } from '../api/schema.ts';
import { Struct } from '../api/struct.ts';
import { anyNonDuplicateValues, nonEmptyString } from '../api/validators.ts';
import { requireMap, requireStruct } from './requirements.ts';
import { forKeyAndValue } from './sides.ts';
import { fieldValue, REPLACE_NULL_WITH_DEFAULT } from './updated-schemas.ts';

const PURPOSE = 'mask fields';

/** Java: `org.apache.kafka.connect.transforms.MaskField`; a masked Decimal keeps its scale. */
export const maskField = forKeyAndValue({
  className: 'org.apache.kafka.connect.transforms.MaskField',
  summary: 'Replaces fields by 0, false, an empty text, or a text or number of choice.',
  config: configDef({
    fields: {
      type: 'LIST',
      validator: anyNonDuplicateValues(false, false),
      importance: 'HIGH',
      doc: 'Fields to mask.',
    },
    replacement: {
      type: 'STRING',
      default: null,
      validator: nonEmptyString(),
      importance: 'LOW',
      doc: 'Put in place of each field; only for numbers and texts.',
    },
    ...REPLACE_NULL_WITH_DEFAULT,
  }),
  create({ fields, replacement, 'replace.null.with.default': replaceNullWithDefault }, side) {
    const masked = (schema: Schema | null, value: unknown) => {
      if (value === null || value === undefined) return null;
      return replacement === null ? nothingOf(schema, value) : replaced(schema, value, replacement);
    };
    const names = new Set(fields);
    return {
      apply(record) {
        const schema = side.schema(record);
        if (schema === null) {
          const value = requireMap(side.value(record), PURPOSE);
          const updated = new Map(value);
          for (const name of names) updated.set(name, masked(null, value.get(name)));
          return side.with(record, null, updated);
        }
        const value = requireStruct(side.value(record), PURPOSE);
        const updated = new Struct(value.schema);
        for (const field of value.schema.fields) {
          const item = fieldValue(value, field, replaceNullWithDefault);
          updated.put(field, names.has(field.name) ? masked(field.schema, item) : item);
        }
        return side.with(record, schema, updated);
      },
    };
  },
});

function nothingOf(schema: Schema | null, value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return 0n;
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'string':
      return '';
  }
  if (value instanceof Decimal) return new Decimal(0n, value.scale);
  if (Array.isArray(value)) return [];
  if (value instanceof Map) return new Map();
  throw new DataException(`Cannot mask value of type: class ${javaClassOf(value, schema)}`);
}

function replaced(schema: Schema | null, value: unknown, replacement: string): unknown {
  if (typeof value === 'string') return replacement;
  const number = Decimal.parse(replacement);
  if (value instanceof Decimal) {
    if (number !== undefined) return number;
    throw new DataException(`Unable to convert ${replacement} (class java.lang.String) to number`);
  }
  const isNumber = typeof value === 'number' || (typeof value === 'bigint' && !isDateSchema(schema));
  if (!isNumber) {
    const className = isDateSchema(schema) ? 'java.util.Date' : javaClassOf(value, schema);
    throw new DataException(`Cannot mask value of type class ${className} with custom replacement.`);
  }
  if (number === undefined)
    throw new DataException(`Unable to convert ${replacement} (class java.lang.String) to a number`);
  return asNumber(schema, value, number);
}

/** Cut to the width of the type, as Java does. */
function asNumber(schema: Schema | null, value: number | bigint, number: Decimal): number | bigint {
  const integer = () => number.truncated() ?? 0n;
  if (typeof value === 'bigint') return BigInt.asIntN(64, integer());
  switch (schema?.type) {
    case 'INT8':
      return Number(BigInt.asIntN(8, integer()));
    case 'INT16':
      return Number(BigInt.asIntN(16, integer()));
    case 'INT32':
      return Number(BigInt.asIntN(32, integer()));
    case 'FLOAT32':
      return Math.fround(number.toNumber());
    default:
      return number.toNumber();
  }
}
