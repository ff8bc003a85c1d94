import { useEffect, useMemo, useState } from 'react';
import type { WorkerClient } from '../../../common/contract.ts';
import { decode, type Format } from '../../../common/kafka/decode.ts';
import type { RecordPreview } from '../../../common/kafka/packed-records.ts';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { DataText } from '../../components/data-text.tsx';
import { HexView } from '../../components/hex-view.tsx';
import { type JsonLine, namesOf } from '../../components/json-lines.ts';
import { Problem, Tag, Waiting } from '../../components/surfaces.tsx';
import { Tabs } from '../../components/tabs.tsx';
import type { Connection } from '../../connection.ts';
import { bytes, count, date, dateTime, time } from '../../format.ts';
import type { ConsumerSession } from './consumer-session.ts';
import { memberFilter } from './member-filter.ts';
import { type Find, Headers, hexOf, JsonPane, Nothing, Raw, textOf, type View } from './record-views.tsx';
import './record-detail.css';

export interface RecordDetailProps {
  session: ConsumerSession;
  worker: Connection<WorkerClient>;
  find: Find;
  view: View;
  onView(view: View): void;
}

/** The chosen record, whole; it stays while the list moves on. */
export function RecordDetail({ session, worker, find, view, onView }: RecordDetailProps) {
  const record = session.list.selected?.record;
  if (!record) return null;
  const { settings } = session;
  return (
    <aside className="record-detail" aria-label="Record" tabIndex={-1} data-region="detail">
      <header>
        <h2>
          Partition {record.partition}, offset {count(record.offset)}
        </h2>
        <IconButton icon="arrow-up" label="Record above" chord="K" size="small" onClick={() => session.step(-1)} />
        <IconButton icon="arrow-down" label="Record below" chord="J" size="small" onClick={() => session.step(1)} />
        <IconButton icon="close" label="Close record" size="small" onClick={() => session.deselect()} />
      </header>
      <WholeRecord
        key={`${record.partition} ${record.offset}`}
        preview={record}
        worker={worker}
        keyFormat={settings.keyFormat}
        valueFormat={settings.valueFormat}
        find={find}
        view={view}
        onView={onView}
        onFilter={(text) => session.change({ filter: { text, matchCase: true } })}
      />
    </aside>
  );
}

interface WholeRecordProps extends Pick<RecordDetailProps, 'worker' | 'find' | 'view' | 'onView'> {
  preview: RecordPreview;
  keyFormat: Format;
  valueFormat: Format;
  onFilter(text: string): void;
}

function WholeRecord({ preview, worker, keyFormat, valueFormat, find, view, onView, onFilter }: WholeRecordProps) {
  const { record, error } = useWhole(preview, worker);
  const value = useMemo(() => (record ? decode(record.value, valueFormat) : undefined), [record, valueFormat]);
  const [line, setLine] = useState<JsonLine & { type: 'node' }>();
  if (error) {
    return (
      <div className="aside">
        <Problem what="The whole record can't be read" error={error} />
      </div>
    );
  }
  if (!record || !value) return <Waiting what="Waiting for the whole record" />;
  const filter = value.kind === 'json' && line ? memberFilter(namesOf(value.node, line.path), line.node) : undefined;
  return (
    <>
      <Tabs
        label="Views of the record"
        value={view}
        onChange={onView}
        tabs={[
          {
            value: 'json',
            label: 'JSON',
            content: () => <JsonPane value={value} find={find} line={line} onLine={setLine} onView={onView} />,
          },
          { value: 'raw', label: 'Raw', content: () => <Raw bytes={record.value} find={find} /> },
          {
            value: 'hex',
            label: 'Hex',
            content: () =>
              record.value ? <HexView bytes={record.value} label="Value as hex" /> : <Nothing value={value} />,
          },
          {
            value: 'headers',
            label: (
              <>
                Headers <span className="third">{record.headers.length}</span>
              </>
            ),
            content: () => <Headers headers={record.headers} find={find} />,
          },
        ]}
      >
        <Facts record={record} preview={preview} keyFormat={keyFormat} find={find} />
      </Tabs>
      <footer>
        {filter ? (
          <Button size="small" icon="filter" onClick={() => onFilter(filter.filter)}>
            Filter <code>{filter.label}</code>
          </Button>
        ) : (
          <>
            <span className="one-line">
              {value.kind === 'json' && view === 'json' ? 'Click a value to filter by it' : ''}
            </span>
            <Copy size="small" label="Copy the value" text={() => textOf(record.value)}>
              Copy value
            </Copy>
          </>
        )}
      </footer>
    </>
  );
}

function useWhole(
  preview: RecordPreview,
  worker: Connection<WorkerClient>,
): { record?: ConsumerRecord; error?: unknown } {
  const [state, setState] = useState<{ record?: ConsumerRecord; error?: unknown }>(
    preview.cut ? {} : { record: preview },
  );
  const { topic, partition, offset, cut } = preview;
  useEffect(() => {
    if (!cut) return;
    const { current } = worker;
    if (!current) return setState({ error: new Error('The worker is not there; it is being restarted') });
    const abort = new AbortController();
    current.record({ topic, partition, offset }, { signal: abort.signal }).then(
      (record) => setState({ record }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ error });
      },
    );
    return () => abort.abort();
  }, [cut, topic, partition, offset, worker]);
  return state;
}

function Facts({
  record,
  preview,
  keyFormat,
  find,
}: {
  record: ConsumerRecord;
  preview: RecordPreview;
  keyFormat: Format;
  find: Find;
}) {
  const key = decode(record.key, keyFormat);
  const headers = record.headers.reduce((sum, header) => sum + header.key.length + (header.value?.length ?? 0), 0);
  return (
    <dl className="facts">
      <dt>Timestamp</dt>
      <dd>
        <code title={dateTime(record.timestamp)}>
          <span className="wide-only">{date(record.timestamp)} </span>
          {time(record.timestamp)}
        </code>
        <span className="not-narrow">{record.timestampType === 'NoTimestampType' ? '' : record.timestampType}</span>
      </dd>
      <dt>Key</dt>
      <dd>
        {key.kind === 'null' && <span>null</span>}
        {key.kind === 'empty' && <Tag>empty</Tag>}
        {(key.kind === 'text' || key.kind === 'json') && (
          <code title={key.text}>
            <DataText text={key.text} ranges={find(key.text)} />
          </code>
        )}
        {key.kind === 'number' && <code>{key.digits}</code>}
        {(key.kind === 'bytes' || key.kind === 'undecodable') && (
          <>
            <code>{hexOf(record.key)}</code>
            {key.kind === 'undecodable' && <span>{key.guess ?? key.tag}</span>}
          </>
        )}
      </dd>
      <dt>Size</dt>
      <dd>
        <code>
          {bytes(preview.keySize)} + {bytes(preview.valueSize)}
        </code>
        {headers > 0 && <span>and {bytes(headers)} of headers</span>}
      </dd>
    </dl>
  );
}
