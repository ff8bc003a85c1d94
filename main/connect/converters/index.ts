import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugins.ts';
import { byteArrayConverter } from './byte-array-converter.ts';
import { asHeaderConverter } from './converter-config.ts';
import { jsonConverter } from './json-converter.ts';
import { booleanConverter, numberConverters } from './primitive-converters.ts';
import { simpleHeaderConverter } from './simple-header-converter.ts';
import { stringConverter } from './string-converter.ts';

export const converters: readonly ConverterPlugin[] = [
  stringConverter,
  jsonConverter,
  byteArrayConverter,
  booleanConverter,
  ...numberConverters,
];

/** Every converter does headers as well. */
export const headerConverters: readonly HeaderConverterPlugin[] = [
  simpleHeaderConverter,
  ...converters.map(asHeaderConverter),
];
