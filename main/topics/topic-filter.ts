import { ConfigException } from '../../common/errors.ts';

/**
 * A Java regular expression that has to match a whole topic name. Throws ConfigException naming the option for syntax
 * that JavaScript doesn't have.
 */
export function javaRegex(pattern: string, key: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch (error) {
    throw new ConfigException(`Invalid regular expression '${pattern}' of option ${key}: ${(error as Error).message}`, {
      key,
      cause: error,
    });
  }
}

/**
 * The filter of `kafka-topics --topic`: commas are alternatives, quotes and blanks are left out. Java:
 * `org.apache.kafka.tools.filter.TopicFilter.IncludeList`.
 */
export function includeList(list: string): RegExp {
  return javaRegex(
    list
      .trim()
      .replaceAll(',', '|')
      .replaceAll(' ', '')
      .replace(/^["']+/, '')
      .replace(/["']+$/, ''),
    'topic',
  );
}

/** Kafka's own topics, which `--exclude-internal` leaves out. */
export const INTERNAL_TOPICS: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
]);
