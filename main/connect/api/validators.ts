import { ConfigException } from '../../../common/errors.ts';
import type { Validator } from './config-def.ts';
import { valueText } from './config-types.ts';

/**
 * Validators with Kafka's messages and Kafka's way to print them in documentation. Java: the nested classes of
 * `org.apache.kafka.common.config.ConfigDef`.
 */
export function validator(ensureValid: (name: string, value: unknown) => void, text: string): Validator {
  return { ensureValid, toString: () => text };
}

/** `[1,...]` */
export function atLeast(min: number | bigint): Validator {
  return range(min, null);
}

/** `[0,...,10]`, both inclusive. */
export function between(min: number | bigint, max: number | bigint): Validator {
  return range(min, max);
}

function range(min: number | bigint, max: number | bigint | null): Validator {
  return validator(
    (name, value) => {
      if (typeof value !== 'number' && typeof value !== 'bigint') throw invalid(name, null, 'Value must be non-null');
      if (value < min) throw invalid(name, value, `Value must be at least ${min}`);
      if (max !== null && value > max) throw invalid(name, value, `Value must be no more than ${max}`);
    },
    max === null ? `[${min},...]` : `[${min},...,${max}]`,
  );
}

/** `[none, all]`; null is refused unless it is among them. */
export function validString(...valid: readonly (string | null)[]): Validator {
  return validator(
    (name, value) => {
      if (!valid.includes(value as string | null)) throw invalid(name, value, `String must be one of: ${list(valid)}`);
    },
    `[${list(valid)}]`,
  );
}

/** `(case insensitive) [BASE64, NUMERIC]` */
export function caseInsensitiveValidString(...valid: readonly string[]): Validator {
  const upper = valid.map((it) => it.toUpperCase());
  return validator(
    (name, value) => {
      if (typeof value !== 'string' || !upper.includes(value.toUpperCase()))
        throw invalid(name, value, `String must be one of (case insensitive): ${list(upper)}`);
    },
    `(case insensitive) [${list(upper)}]`,
  );
}

/** A list of these only, without duplicates; an empty one is fine unless `emptyAllowed` is false. */
export function validList(valid: readonly string[], emptyAllowed = true): Validator {
  return listOf(valid, emptyAllowed, false);
}

/** A list of anything but empty or repeated items. */
export function anyNonDuplicateValues(emptyAllowed: boolean, nullAllowed: boolean): Validator {
  return listOf([], emptyAllowed, nullAllowed);
}

function listOf(valid: readonly string[], emptyAllowed: boolean, nullAllowed: boolean): Validator {
  const each = validString(...valid);
  return validator(
    (name, value) => {
      if (value === null || value === undefined) {
        if (nullAllowed) return;
        throw new ConfigException(`Configuration '${name}' values must not be null.`, { key: name });
      }
      const items = value as readonly string[];
      if (!emptyAllowed && items.length === 0) {
        const wanted = valid.length === 0 ? 'any non-empty value' : each.toString();
        throw new ConfigException(`Configuration '${name}' must not be empty. Valid values include: ${wanted}`, {
          key: name,
        });
      }
      if (new Set(items).size !== items.length)
        throw new ConfigException(`Configuration '${name}' values must not be duplicated.`, { key: name });
      for (const item of items) {
        if (item === '') throw new ConfigException(`Configuration '${name}' values must not be empty.`, { key: name });
        if (valid.length > 0) each.ensureValid(name, item);
      }
    },
    valid.length === 0 ? '' : each.toString(),
  );
}

export function listSize(max: number): Validator {
  return validator((name, value) => {
    if (Array.isArray(value) && value.length > max)
      throw invalid(name, value, `exceeds maximum list size of [${max}].`);
  }, `List containing maximum of ${max} elements`);
}

export function nonNull(): Validator {
  return validator((name, value) => {
    if (value === null || value === undefined) throw invalid(name, null, 'entry must be non null');
  }, 'non-null string');
}

export function nonEmptyString(): Validator {
  return validator((name, value) => {
    if (value === '') throw invalid(name, value, 'String must be non-empty');
  }, 'non-empty string');
}

export function nonEmptyStringWithoutControlChars(): Validator {
  return validator((name, value) => {
    if (typeof value !== 'string') return;
    if (value === '') throw invalid(name, value, 'String may not be empty');
    const illegal = [...value]
      .map((it) => it.codePointAt(0) as number)
      .filter((it) => it < 32 || (it > 126 && it < 160));
    if (illegal.length > 0)
      throw invalid(
        name,
        value,
        `String may not contain control sequences but had the following ASCII chars: ${list(illegal)}`,
      );
  }, 'non-empty string without ISO control characters');
}

/** Every one of them, in this order. Java: `CompositeValidator`. */
export function compositeValidator(...validators: readonly Validator[]): Validator {
  return validator((name, value) => {
    for (const each of validators) each.ensureValid(name, value);
  }, list(validators));
}

function list(items: readonly unknown[]): string {
  return items.map(String).join(', ');
}

function invalid(name: string, value: unknown, reason: string): ConfigException {
  return ConfigException.invalidValue(name, valueText(value), reason);
}
