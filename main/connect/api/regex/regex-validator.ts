import { ConfigException } from '../../../../common/errors.ts';
import type { Validator } from '../config-def.ts';
import { validator } from '../validators.ts';
import { JavaPattern } from './java-pattern.ts';
import { RegexSyntaxError } from './syntax.ts';

/** Java: `org.apache.kafka.connect.transforms.util.RegexValidator`. */
export function validRegex(): Validator {
  return validator((name, value) => {
    if (value === null || value === undefined) throw ConfigException.invalidValue(name, null, 'Invalid regex: null');
    compile(name, String(value), `${value}`);
  }, 'valid regex');
}

/** Throws ConfigException in Connect's words. */
export function compilePattern(name: string, pattern: string): JavaPattern {
  return compile(name, pattern, pattern);
}

function compile(name: string, pattern: string, shown: string): JavaPattern {
  try {
    return new JavaPattern(pattern);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw ConfigException.invalidValue(name, shown, `Invalid regex: ${error.message}`);
  }
}
