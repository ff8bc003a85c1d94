import { configDef } from '../api/config-def.ts';
import { anyNonDuplicateValues } from '../api/validators.ts';
import { transformation } from './sides.ts';

/** Java: `org.apache.kafka.connect.transforms.DropHeaders`. */
export const dropHeaders = transformation({
  className: 'org.apache.kafka.connect.transforms.DropHeaders',
  summary: 'Removes headers by name.',
  config: configDef({
    headers: {
      type: 'LIST',
      validator: anyNonDuplicateValues(false, false),
      importance: 'HIGH',
      doc: 'Names of the headers that go.',
    },
  }),
  create(parsed) {
    const names = new Set(parsed.headers);
    return {
      apply: (record) => ({ ...record, headers: record.headers.filter((header) => !names.has(header.key)) }),
    };
  },
});
