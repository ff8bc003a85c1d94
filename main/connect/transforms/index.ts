import type { TransformationPlugin } from '../api/plugins.ts';
import { hoistField } from './hoist-field.ts';
import { insertField } from './insert-field.ts';
import { regexRouter } from './regex-router.ts';
import { replaceField } from './replace-field.ts';

export const transformations: readonly TransformationPlugin[] = [
  ...hoistField,
  ...insertField,
  regexRouter,
  ...replaceField,
];
