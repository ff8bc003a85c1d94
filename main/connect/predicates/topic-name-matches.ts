import { DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { RegexTooExpensive } from '../api/regex/machine.ts';
import { compilePattern, validRegex } from '../api/regex/regex-validator.ts';
import { compositeValidator, nonEmptyString } from '../api/validators.ts';
import { predicate } from './predicate.ts';

/** Topics whose answer is remembered. */
const MAX_TOPICS = 1000;

/** Java: `org.apache.kafka.connect.transforms.predicates.TopicNameMatches`. */
export const topicNameMatches = predicate({
  className: 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
  summary: 'The whole name of the topic matches a regular expression.',
  config: configDef({
    pattern: {
      type: 'STRING',
      validator: compositeValidator(nonEmptyString(), validRegex()),
      importance: 'MEDIUM',
      doc: 'Java regular expression for the whole topic.',
    },
  }),
  create(parsed) {
    const pattern = compilePattern('pattern', parsed.pattern);
    const known = new Map<string, boolean>();
    const matches = (topic: string) => {
      try {
        return pattern.matches(topic);
      } catch (error) {
        if (!(error instanceof RegexTooExpensive)) throw error;
        throw new DataException(`${error.message}: pattern of TopicNameMatches on topic ${topic}`, { key: 'pattern' });
      }
    };
    return {
      test({ topic }) {
        let result = known.get(topic);
        if (result === undefined) {
          result = matches(topic);
          if (known.size >= MAX_TOPICS) known.clear();
          known.set(topic, result);
        }
        return result;
      },
    };
  },
});
