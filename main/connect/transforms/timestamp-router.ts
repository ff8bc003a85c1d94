import { ConfigException, DataException } from '../../../common/errors.ts';
import { configDef } from '../api/config-def.ts';
import { writeDate } from './date-format/date-writer.ts';
import { type PatternPiece, parsePattern } from './date-format/pattern.ts';
import { transformation } from './sides.ts';

const TOPIC = '$' + '{topic}';
const TIMESTAMP = '$' + '{timestamp}';

/** Java: `org.apache.kafka.connect.transforms.TimestampRouter`. */
export const timestampRouter = transformation({
  className: 'org.apache.kafka.connect.transforms.TimestampRouter',
  summary: 'Renames the topic by the timestamp of the record.',
  config: configDef({
    'topic.format': {
      type: 'STRING',
      default: `${TOPIC}-${TIMESTAMP}`,
      importance: 'HIGH',
      doc: `The new topic; ${TOPIC} and ${TIMESTAMP} stand for the old one and the formatted timestamp.`,
    },
    'timestamp.format': {
      type: 'STRING',
      default: 'yyyyMMdd',
      importance: 'HIGH',
      doc: 'How the timestamp is written (UTC), as a pattern of java.text.SimpleDateFormat.',
    },
  }),
  create(parsed) {
    const pattern = patternOf('timestamp.format', parsed['timestamp.format']);
    return {
      apply(record) {
        if (record.timestamp === null)
          throw new DataException(`Timestamp missing on a record of topic ${record.topic}`);
        const topic = parsed['topic.format']
          .replaceAll(TOPIC, () => record.topic)
          .replaceAll(TIMESTAMP, writeDate(pattern, record.timestamp));
        return { ...record, topic };
      },
    };
  },
});

function patternOf(key: string, pattern: string): PatternPiece[] {
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw ConfigException.invalidValue(key, pattern, error.message);
  }
}
