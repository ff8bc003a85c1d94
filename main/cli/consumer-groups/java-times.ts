import { KafkaException } from '../../../common/errors.ts';

/** Java: `java.text.ParseException`. */
class ParseException extends KafkaException {
  override readonly javaClass = 'java.text.ParseException';
}

/** Java: `java.time.format.DateTimeParseException`. */
export class DateTimeParseException extends KafkaException {
  override readonly javaClass = 'java.time.format.DateTimeParseException';
}

const DATE_TIME = /^(\d{1,4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{1,2}):(\d{1,2})\.(\d{1,3})(Z|([+-])(\d{2}):?(\d{2})?)/;

/**
 * ms since 1970 UTC of `YYYY-MM-DDThh:mm:ss.sss`, with `Z`, `+hh`, `+hhmm` or `+hh:mm` behind it, else UTC. Strict: there
 * is no 30th of February. Java: `Utils.getDateTime`.
 */
export function parseDateTime(text: string): bigint {
  const parts = text.split('T');
  if (parts.length < 2) {
    throw new ParseException("Error parsing timestamp. It does not contain a 'T' according to ISO8601 format");
  }
  const zoned = /[+\-Z]/.test(parts[1] ?? '') ? text : `${text}Z`;
  const match = DATE_TIME.exec(zoned);
  if (match === null) throw unparseable(zoned);
  const numbers = match.slice(1, 8).map(Number) as [number, number, number, number, number, number, number];
  const [year, month, day, hour, minute, second, millis] = numbers;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millis);
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) throw unparseable(zoned);
  const sign = match[9] === '-' ? -1 : 1;
  const offsetMinutes = sign * (Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0));
  return BigInt(date.getTime() - offsetMinutes * 60_000);
}

function unparseable(text: string): ParseException {
  return new ParseException(`Unparseable date: "${text}"`, {
    hint: 'The format is YYYY-MM-DDThh:mm:ss.sss, with Z or +hh:mm behind it when it is not UTC.',
  });
}

const DURATION = /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

/** ms of `PnDTnHnMnS`. Java: `Duration.parse`. */
export function parseDuration(text: string): bigint {
  const match = DURATION.exec(text);
  const parts = match?.slice(2).filter((part) => part !== undefined) ?? [];
  if (match === null || parts.length === 0 || match[3]?.length === 1) {
    throw new DateTimeParseException('Text cannot be parsed to a Duration', {
      hint: 'The format is PnDTnHnMnS: PT30M is half an hour, P1D a day.',
    });
  }
  const [, sign, days, , hours, minutes, seconds, fraction] = match;
  const wholeSeconds =
    BigInt(days ?? 0) * 86_400n + BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0);
  const millis = BigInt((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const total = wholeSeconds * 1000n + (seconds?.startsWith('-') ? -millis : millis);
  return sign === '-' ? -total : total;
}
