import { memo, type ReactNode } from 'react';
import { type Decoded, decode, type Format, trimPartialCharacter } from '../../../common/kafka/decode.ts';
import { jsonTokens } from '../../../common/kafka/json-tokens.ts';
import type { RecordPreview } from '../../../common/kafka/packed-records.ts';
import { DataText } from '../../components/data-text.tsx';
import { hexPrefix } from '../../components/hex-lines.ts';
import { Tag } from '../../components/surfaces.tsx';
import { bytes } from '../../format.ts';
import type { MatchRange } from './filter.ts';

/** Characters that a line of the list can show at most; more is never drawn. */
const LINE = 400;
/** A match further right than this would not be seen: the line then begins shortly before it. */
const SEEN = 60;

export interface PreviewProps {
  record: RecordPreview;
  part: 'key' | 'value';
  format: Format;
  find(text: string, limit?: number): MatchRange[];
}

/** One line of a key or a value, by what it is: JSON coloured, text, tombstone, empty, or what it could not be read as. */
export const Preview = memo(function Preview({ record, part, format, find }: PreviewProps) {
  const decoded = decodePart(record, part, format);
  switch (decoded.kind) {
    case 'null':
      return part === 'key' ? (
        <span className="third">null</span>
      ) : (
        <>
          <Tag icon="trash">tombstone</Tag>
          <span className="note">null value: compaction deletes this key</span>
        </>
      );
    case 'empty':
      return <Tag>empty</Tag>;
    case 'number':
      return <span className="json-number">{decoded.digits}</span>;
    case 'bytes':
      return <span className="second">{hexPrefix(record[part]!, 24)}</span>;
    case 'undecodable':
      return (
        <>
          <Tag tone="warn" icon="warning" title={decoded.reason}>
            {decoded.tag}
          </Tag>
          {decoded.text === undefined ? (
            <>
              {hexPrefix(record[part]!, 10)} <span className="note">{decoded.guess}</span>
            </>
          ) : (
            <Line text={decoded.text} find={find} />
          )}
        </>
      );
    case 'json':
      return part === 'key' ? <Line text={decoded.text} find={find} /> : <JsonLine text={decoded.text} find={find} />;
    case 'text': {
      const cut = record[part] !== null && record[part].length < sizeOf(record, part);
      const json = cut && part === 'value' && /^\s*[{[]/.test(decoded.text);
      return (
        <>
          {isLong(record, part) && <Tag>{bytes(sizeOf(record, part))}</Tag>}
          {json ? <JsonLine text={decoded.text} find={find} /> : <Line text={decoded.text} find={find} />}
        </>
      );
    }
  }
});

/** What the list's part of the bytes is; a value that was cut is judged by its beginning. */
export function decodePart(record: RecordPreview, part: 'key' | 'value', format: Format): Decoded {
  const present = record[part];
  if (present === null || present.length === sizeOf(record, part)) return decode(present, format);
  const beginning = decode(trimPartialCharacter(present), format === 'json' || format === 'auto' ? 'string' : format);
  return beginning;
}

function sizeOf(record: RecordPreview, part: 'key' | 'value'): number {
  return part === 'key' ? record.keySize : record.valueSize;
}

function isLong(record: RecordPreview, part: 'key' | 'value'): boolean {
  return sizeOf(record, part) > 16 * 1024;
}

function Line({ text, find }: { text: string; find: PreviewProps['find'] }) {
  const { from, shown } = window(text, find);
  return (
    <>
      {from > 0 && '…'}
      <DataText text={shown} ranges={find(shown)} />
    </>
  );
}

function JsonLine({ text, find }: { text: string; find: PreviewProps['find'] }) {
  const { from, shown } = window(text, find);
  const tokens = jsonTokens(shown, LINE);
  return (
    <span dir="ltr">
      {from > 0 && '…'}
      {tokens.map((token, index): ReactNode => {
        const ranges = token.kind === 'punctuation' ? [] : find(token.text);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other identity than their place
          <span key={index} className={`json-${token.kind}`}>
            {ranges.length === 0 && token.kind === 'punctuation' ? (
              token.text
            ) : (
              <DataText text={token.text} ranges={ranges} />
            )}
          </span>
        );
      })}
    </span>
  );
}

/** The part of a text that a line shows: its beginning, or from shortly before the first match. */
function window(text: string, find: PreviewProps['find']): { from: number; shown: string } {
  const first = find(text, 1)[0];
  if (!first || first[1] <= SEEN) return { from: 0, shown: text.slice(0, LINE) };
  let from = first[0] - 24;
  if (/[\udc00-\udfff]/.test(text[from] ?? '')) from--;
  return { from, shown: text.slice(from, from + LINE) };
}
