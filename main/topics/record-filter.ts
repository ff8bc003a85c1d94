import { BadRequestException } from '../../common/errors.ts';
import type { ConsumeFilter } from '../../common/kafka/consume.ts';
import type { ConsumerRecord } from '../../common/kafka/records.ts';

export type RecordFilter = (record: ConsumerRecord) => boolean;

/**
 * Whether a record is shown. A filter looks into key, value and headers, each by itself, as UTF-8 text (bytes that
 * are none become U+FFFD).
 */
export function recordFilter(filter: ConsumeFilter = { type: 'none' }): RecordFilter {
  if (filter.type === 'none') return () => true;
  if (filter.type === 'regex') return anyPart(regexTest(filter.source, filter.flags));
  if (filter.text === '') return () => true;
  if (filter.matchCase) {
    const needle = Buffer.from(filter.text);
    return anyPart((bytes) => bytes.includes(needle));
  }
  const needle = filter.text.toLowerCase();
  return anyPart((bytes) => bytes.toString('utf8').toLowerCase().includes(needle));
}

function regexTest(source: string, flags = ''): (bytes: Buffer) => boolean {
  try {
    const regex = new RegExp(source, flags);
    return (bytes) => regex.test(bytes.toString('utf8'));
  } catch (error) {
    throw new BadRequestException(`The filter is no valid regular expression: ${(error as Error).message}`, {
      code: 'INVALID_FILTER',
      key: 'filter',
      cause: error,
    });
  }
}

function anyPart(test: (bytes: Buffer) => boolean): RecordFilter {
  const matches = (bytes: Uint8Array | null) =>
    bytes !== null && test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return ({ key, value, headers }) =>
    matches(value) || matches(key) || headers.some((header) => matches(header.key) || matches(header.value));
}
