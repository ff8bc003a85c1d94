// @ts-check
import { configDef, nonEmptyString, predicate } from '@runnel-app/runnel/connect';
import { fieldOf } from './fields.js';

/** Goes with Kafka's Filter, which drops the records that a predicate is true of. */
export const fieldEquals = predicate({
  className: 'com.example.folder.FieldEquals',
  version: '1.0.0',
  summary: 'A field of the value has this text, or this number.',
  config: configDef({
    field: { type: 'STRING', validator: nonEmptyString(), importance: 'HIGH', doc: 'The field of the value.' },
    value: { type: 'STRING', importance: 'HIGH', doc: 'What it has to be, as it is written in JSON without quotes.' },
  }),
  create: ({ field, value }) => ({ test: (record) => String(fieldOf(record.value, field) ?? 'null') === value }),
});
