import { configDef } from '../api/config-def.ts';
import { nonEmptyString } from '../api/validators.ts';
import { predicate } from './predicate.ts';

/** Java: `org.apache.kafka.connect.transforms.predicates.HasHeaderKey`. */
export const hasHeaderKey = predicate({
  className: 'org.apache.kafka.connect.transforms.predicates.HasHeaderKey',
  summary: 'The record has a header of this name.',
  config: configDef({
    name: { type: 'STRING', validator: nonEmptyString(), importance: 'MEDIUM', doc: 'Name of the header.' },
  }),
  create: ({ name }) => ({ test: (record) => record.headers.some((header) => header.key === name) }),
});
