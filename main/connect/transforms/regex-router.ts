import { ConfigException, DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import type { JavaPattern, Replacement } from '../api/regex/java-pattern.ts';
import { RegexTooExpensive } from '../api/regex/machine.ts';
import { compilePattern, validRegex } from '../api/regex/regex-validator.ts';
import { RegexSyntaxError } from '../api/regex/syntax.ts';
import { transformation } from './sides.ts';

/** Java: `org.apache.kafka.connect.transforms.RegexRouter`. A replacement that names no group fails at the start. */
export const regexRouter = transformation({
  className: 'org.apache.kafka.connect.transforms.RegexRouter',
  summary: 'Renames the topic by a regular expression.',
  config: configDef({
    regex: {
      type: 'STRING',
      validator: validRegex(),
      importance: 'HIGH',
      doc: 'Java regular expression that the whole topic has to match.',
    },
    replacement: { type: 'STRING', importance: 'HIGH', doc: 'The new topic; $1, $2 … stand for groups.' },
  }),
  create(parsed) {
    const pattern = compilePattern('regex', parsed.regex);
    const replacement = replacementOf(pattern, parsed.replacement);
    const routes = new Map<string, string>();
    return {
      apply(record) {
        let topic = routes.get(record.topic);
        if (topic === undefined) {
          topic = route(pattern, replacement, record.topic);
          if (routes.size >= MAX_ROUTES) routes.clear();
          routes.set(record.topic, topic);
        }
        return topic === record.topic ? record : { ...record, topic };
      },
    };
  },
});

/** Topics whose new name is remembered. */
const MAX_ROUTES = 1000;

function route(pattern: JavaPattern, replacement: Replacement, topic: string): string {
  try {
    return pattern.matches(topic) ? pattern.replaceFirst(topic, replacement) : topic;
  } catch (error) {
    if (!(error instanceof RegexTooExpensive)) throw error;
    throw new DataException(`${error.message}: regex of RegexRouter on topic ${topic}`, { key: 'regex' });
  }
}

function replacementOf(pattern: JavaPattern, text: string): Replacement {
  try {
    return pattern.replacement(text);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw ConfigException.invalidValue('replacement', text, error.message);
  }
}
