import { configDef } from '../api/config-def.ts';
import { nonNull } from '../api/validators.ts';
import { parseValue } from '../api/values-parser.ts';
import { transformation } from './sides.ts';

/** Java: `org.apache.kafka.connect.transforms.InsertHeader`. */
export const insertHeader = transformation({
  className: 'org.apache.kafka.connect.transforms.InsertHeader',
  summary: 'Adds a header to each record.',
  config: configDef({
    header: { type: 'STRING', validator: nonNull(), importance: 'HIGH', doc: 'Name of the header.' },
    'value.literal': {
      type: 'STRING',
      validator: nonNull(),
      importance: 'HIGH',
      doc: 'Its value; numbers, booleans, dates, lists and maps are recognised.',
    },
  }),
  create(parsed) {
    const header = { key: parsed.header, ...parseValue(parsed['value.literal']) };
    return { apply: (record) => ({ ...record, headers: [...record.headers, header] }) };
  },
});
