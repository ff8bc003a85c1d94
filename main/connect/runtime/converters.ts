import type { Converter, HeaderConverter } from '../api/plugins.ts';
import type { Stage } from './errors/stage.ts';

/** A converter with the class name that messages and dead letters call it by. */
export interface Named<T> {
  className: string;
  converter: T;
}

export interface Converters {
  key: Named<Converter>;
  value: Named<Converter>;
  header: Named<HeaderConverter>;
}

/** The class that works at a stage of the conversion, for messages and dead letters. */
export function converterClass({ key, value, header }: Converters, stage: Stage): string {
  return (stage === 'KEY_CONVERTER' ? key : stage === 'VALUE_CONVERTER' ? value : header).className;
}
