import { configDef } from '../api/config-def.ts';
import { transformation } from './sides.ts';

/** Drops what its predicate lets through. Java: `org.apache.kafka.connect.transforms.Filter`. */
export const filter = transformation({
  className: 'org.apache.kafka.connect.transforms.Filter',
  summary: 'Drops records; with a predicate, those for which it is true.',
  config: configDef({}),
  create: () => ({ apply: () => null }),
});
