import type { TransformationPlugin } from '../api/plugins.ts';
import { confluentFilter } from './confluent-filter.ts';
import { hoistField } from './hoist-field.ts';
import { insertField } from './insert-field.ts';
import { regexRouter } from './regex-router.ts';
import { replaceField } from './replace-field.ts';

export const transformations: readonly TransformationPlugin[] = [
  ...confluentFilter,
  ...hoistField,
  ...insertField,
  regexRouter,
  ...replaceField,
];
