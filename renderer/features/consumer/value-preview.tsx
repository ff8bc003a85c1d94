import type { ReactNode } from 'react';
import { type Decoded, decode, type Format, trimPartialCharacter } from '../../../common/kafka/decode.ts';
import { jsonPreview } from '../../../common/kafka/json-preview.ts';
import { type JsonToken, jsonTokens } from '../../../common/kafka/json-tokens.ts';
import type { RecordPreview } from '../../../common/kafka/packed-records.ts';
import { isPlain } from '../../components/data-runs.ts';
import { DataText } from '../../components/data-text.tsx';
import { hexPrefix } from '../../components/hex-lines.ts';
import { Tag } from '../../components/surfaces.tsx';
import { bytes } from '../../format.ts';
import type { MatchRange } from './filter.ts';

/** Characters before a match, where a line begins shortly before it. */
const LEAD = 14;
/** Beyond this a line is plain: to colour it, all that is before it would have to be read. */
const JSON_REACH = 8_192;

export interface PreviewProps {
  record: RecordPreview;
  part: 'key' | 'value';
  /** From `decodePart`. */
  decoded: Decoded;
  find(text: string, limit?: number): MatchRange[];
  /** That the cell can show; more is never drawn. */
  characters: number;
}

type LineProps = Pick<PreviewProps, 'find' | 'characters'> & { text: string };

/** One line of a key or a value, by what it is: JSON coloured, text, tombstone, empty, or what it could not be read as. */
export function Preview({ record, part, decoded, find, characters }: PreviewProps) {
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
            <Line text={decoded.text} find={find} characters={characters} />
          )}
        </>
      );
    case 'json': {
      if (part === 'key') return <Line text={decoded.text} find={find} characters={characters} />;
      const told = jsonPreview(decoded.node, JSON_REACH + characters) ?? decoded.text;
      return <JsonLine text={told} find={find} characters={characters} />;
    }
    case 'text': {
      const cut = record[part] !== null && record[part].length < sizeOf(record, part);
      const json = cut && part === 'value' && /^\s*[{[]/.test(decoded.text);
      return (
        <>
          {isLong(record, part) && <Tag>{bytes(sizeOf(record, part))}</Tag>}
          {json ? (
            <JsonLine text={decoded.text} find={find} characters={characters} />
          ) : (
            <Line text={decoded.text} find={find} characters={characters} />
          )}
        </>
      );
    }
  }
}

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

function Line({ text, find, characters }: LineProps) {
  const from = beginning(text, find, characters);
  const shown = text.slice(from, from + characters);
  return (
    <>
      {from > 0 && '…'}
      <DataText text={shown} ranges={find(shown)} />
    </>
  );
}

function JsonLine({ text, find, characters }: LineProps) {
  const from = beginning(text, find, characters);
  if (from > JSON_REACH) return <Line text={text} find={find} characters={characters} />;
  const tokens = tokensFrom(text, from, characters);
  return (
    <span dir="ltr">
      {from > 0 && '…'}
      {tokens.map((token, index): ReactNode => {
        const ranges = token.kind === 'punctuation' ? [] : find(token.text);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other identity than their place
          <span key={index} className={`json-${token.kind}`}>
            {token.kind === 'punctuation' || (ranges.length === 0 && isPlain(token.text)) ? (
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

/** The tokens that are at least partly right of `from`; what is left of it goes. */
function tokensFrom(text: string, from: number, characters: number): JsonToken[] {
  const tokens = jsonTokens(text, from + characters);
  if (from === 0) return tokens;
  return tokens.flatMap((token) => {
    if (token.at >= from) return [token];
    const rest = token.text.slice(from - token.at);
    return rest === '' ? [] : [{ ...token, text: rest, at: from }];
  });
}

/** Where a line begins: at the start, or shortly before a first match that would not be seen. */
function beginning(text: string, find: PreviewProps['find'], characters: number): number {
  const first = find(text, 1)[0];
  // A cell shows about half of what is drawn for it.
  if (!first || first[1] <= Math.max(20, characters / 2 - 10)) return 0;
  const from = first[0] - LEAD;
  return /[\udc00-\udfff]/.test(text[from] ?? '') ? from + 1 : from;
}
