import { configDef } from '../api/config-def.ts';
import { predicate } from './predicate.ts';

/** Java: `org.apache.kafka.connect.transforms.predicates.RecordIsTombstone`. */
export const recordIsTombstone = predicate({
  className: 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
  summary: 'The value of the record is null.',
  config: configDef({}),
  create: () => ({ test: (record) => record.value === null || record.value === undefined }),
});
