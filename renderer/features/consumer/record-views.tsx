import { useState } from 'react';
import { type Decoded, decode, decodeText } from '../../../common/kafka/decode.ts';
import type { RecordHeader } from '../../../common/kafka/records.ts';
import { Button } from '../../components/button.tsx';
import { DataText } from '../../components/data-text.tsx';
import type { JsonLine } from '../../components/json-lines.ts';
import { JsonTree } from '../../components/json-tree.tsx';
import { Tag } from '../../components/surfaces.tsx';
import { count } from '../../format.ts';

export type View = 'json' | 'raw' | 'hex' | 'headers';
/** Where a filter matches in a text. */
export type Find = (text: string) => readonly (readonly [start: number, end: number])[];

/** Text shown at once; more on demand, so that a value of megabytes does not hold up the window. */
const RAW_CHARACTERS = 100_000;

interface JsonPaneProps {
  value: Decoded;
  find: Find;
  line: (JsonLine & { type: 'node' }) | undefined;
  onLine(line: JsonLine & { type: 'node' }): void;
  onView(view: View): void;
}

export function JsonPane({ value, find, line, onLine, onView }: JsonPaneProps) {
  if (value.kind === 'json') {
    return (
      <div className="body">
        <JsonTree root={value.node} label="Value" find={find} selected={line?.path} onSelect={onLine} />
      </div>
    );
  }
  if (value.kind === 'text' || (value.kind === 'undecodable' && value.text !== undefined)) {
    return (
      <div className="aside">
        <p>{value.kind === 'text' ? 'The value is text, not JSON.' : value.reason}</p>
        <Button size="small" onClick={() => onView('raw')}>
          Show it raw
        </Button>
      </div>
    );
  }
  return <Nothing value={value} onHex={() => onView('hex')} />;
}

/** What there is to say of a value that has no tree and no text. */
export function Nothing({ value, onHex }: { value: Decoded; onHex?: () => void }) {
  switch (value.kind) {
    case 'null':
      return (
        <div className="aside">
          <Tag icon="trash">tombstone</Tag>
          <p>The value is null. Compaction removes the records of this key, and later this one.</p>
        </div>
      );
    case 'empty':
      return (
        <div className="aside">
          <Tag>empty</Tag>
          <p>The value is there and has no bytes. Unlike null it deletes nothing.</p>
        </div>
      );
    case 'number':
      return (
        <div className="aside">
          <code className="json-number selectable">{value.digits}</code>
        </div>
      );
    default:
      return (
        <div className="aside">
          {value.kind === 'undecodable' && (
            <>
              <Tag tone="warn" icon="warning">
                {value.tag}
              </Tag>
              <p>
                {value.reason}
                {value.guess ? `. It ${value.guess}.` : '.'}
              </p>
            </>
          )}
          {onHex && (
            <Button size="small" onClick={onHex}>
              Show its bytes
            </Button>
          )}
        </div>
      );
  }
}

export function Raw({ bytes: value, find }: { bytes: Uint8Array | null; find: Find }) {
  const [shown, setShown] = useState(RAW_CHARACTERS);
  if (value === null || value.length === 0) return <Nothing value={decode(value)} />;
  const text = decodeText(value);
  if (text === undefined) return <Nothing value={decode(value, 'string')} />;
  const part = text.slice(0, shown);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="body" tabIndex={0} aria-label="Value as text">
      <pre className="raw">
        <DataText text={part} ranges={find(part)} lines />
      </pre>
      {shown < text.length && (
        <div className="aside">
          <Button size="small" onClick={() => setShown(shown * 10)}>
            Show more: {count(text.length - shown)} characters
          </Button>
        </div>
      )}
    </section>
  );
}

export function Headers({ headers, find }: { headers: readonly RecordHeader[]; find: Find }) {
  if (headers.length === 0) {
    return (
      <div className="aside">
        <p>This record has no headers.</p>
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="body" tabIndex={0} aria-label="Headers">
      <table className="headers">
        <tbody>
          {headers.map(({ key, value }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat; their place is what they are
            <tr key={index}>
              <th scope="row">
                <Bytes bytes={key} find={find} />
              </th>
              <td>
                <Bytes bytes={value} find={find} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Bytes({ bytes: value, find }: { bytes: Uint8Array | null; find: Find }) {
  const decoded = decode(value);
  switch (decoded.kind) {
    case 'null':
      return <span className="third">null</span>;
    case 'empty':
      return <Tag>empty</Tag>;
    case 'text':
    case 'json':
      return <DataText text={decoded.text} ranges={find(decoded.text)} />;
    default:
      return (
        <>
          {hexOf(value)} {decoded.kind === 'undecodable' && <span className="third">{decoded.guess}</span>}
        </>
      );
  }
}

export function hexOf(value: Uint8Array | null): string {
  return value ? [...value].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') : '';
}

/** Text as it is, other bytes as hex. */
export function textOf(value: Uint8Array | null): string {
  return value === null ? 'null' : (decodeText(value) ?? hexOf(value));
}
