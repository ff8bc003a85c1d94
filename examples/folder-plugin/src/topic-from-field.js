// @ts-check
import { configDef, DataException, nonEmptyString, transformation, validString } from '@runnel-app/runnel/connect';
import { fieldOf } from './fields.js';

/** Sends each record to the topic that a field of it names. */
export const topicFromField = transformation({
  className: 'com.example.folder.TopicFromField',
  version: '1.0.0',
  summary: 'Takes the name of the topic from a field of the value.',
  config: configDef({
    field: { type: 'STRING', validator: nonEmptyString(), importance: 'HIGH', doc: 'The field of the value.' },
    prefix: { type: 'STRING', default: '', importance: 'LOW', doc: 'What stands before the name of the topic.' },
    'when.missing': {
      type: 'STRING',
      default: 'fail',
      validator: validString('fail', 'keep', 'drop'),
      importance: 'MEDIUM',
      doc: 'What happens to a record without that field: it fails, keeps its topic, or is dropped.',
    },
  }),
  create: ({ field, prefix, 'when.missing': whenMissing }) => ({
    apply(record) {
      const name = fieldOf(record.value, field);
      if (name !== undefined && name !== null) return { ...record, topic: `${prefix}${name}`, kafkaPartition: null };
      if (whenMissing === 'fail') throw new DataException(`The value has no field ${field} to take the topic from`);
      return whenMissing === 'keep' ? record : null;
    },
  }),
});
