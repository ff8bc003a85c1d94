import { FORMATS, type Format } from '../../../common/kafka/decode.ts';
import type { TopicDetail } from '../../../common/kafka/topics.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { counted, duration } from '../../format.ts';
import type { ConsumerSession } from './consumer-session.ts';

export function toggleFollow(session: ConsumerSession): void {
  if (session.list.following) session.hold();
  else session.follow();
}

export function ConsumerHeader({
  session,
  detail,
  onPause,
}: {
  session: ConsumerSession;
  detail: TopicDetail | undefined;
  onPause(): void;
}) {
  const { settings, phase, list, topic } = session;
  const records = detail?.partitions.reduce(
    (sum, { beginningOffset, endOffset }) => sum + endOffset - beginningOffset,
    0n,
  );
  const kept = retention(detail);
  return (
    <header className="page-head">
      <h1 className="data">{topic}</h1>
      <div className="facts-line">
        {detail && <span>{counted(detail.partitions.length, 'partition')}</span>}
        {records !== undefined && <span>{counted(records, 'record')}</span>}
        {kept && <span className="wide-only">{kept}</span>}
        <FormatSelect part="key" value={settings.keyFormat} onChange={(keyFormat) => session.change({ keyFormat })} />
        <FormatSelect
          part="value"
          value={settings.valueFormat}
          onChange={(valueFormat) => session.change({ valueFormat })}
        />
      </div>
      <div className="actions">
        <Button
          icon={phase === 'paused' ? 'play' : 'pause'}
          chord="Space"
          unavailable={phase === 'failed' ? 'Reading has ended; try again first' : undefined}
          onClick={onPause}
        >
          {phase === 'paused' ? 'Go on' : 'Pause'}
        </Button>
        <Button icon="follow" chord="F" aria-pressed={list.following} onClick={() => toggleFollow(session)}>
          Follow
        </Button>
      </div>
    </header>
  );
}

const FORMAT_NAMES: Record<Format, string> = {
  auto: 'Auto',
  json: 'JSON',
  string: 'String',
  integer: 'Integer',
  long: 'Long',
  float: 'Float',
  double: 'Double',
  bytes: 'Bytes',
};

function FormatSelect({
  part,
  value,
  onChange,
}: {
  part: 'key' | 'value';
  value: Format;
  onChange(format: Format): void;
}) {
  return (
    <Select
      label={`Read the ${part} as`}
      plain
      className="not-narrow"
      value={value}
      onChange={onChange}
      shown={
        <span>
          {part} <code>{FORMAT_NAMES[value]}</code>
        </span>
      }
      options={FORMATS.map((format) => ({
        value: format,
        label: FORMAT_NAMES[format],
        ...(format === 'auto' ? { note: 'JSON, else text' } : {}),
      }))}
    />
  );
}

function retention(detail: TopicDetail | undefined): string | undefined {
  const entry = (name: string) => detail?.configs.find((config) => config.name === name)?.value;
  const policy = entry('cleanup.policy');
  if (policy === 'compact') return 'compacted';
  const ms = Number(entry('retention.ms') ?? Number.NaN);
  if (Number.isNaN(ms)) return undefined;
  return ms < 0 ? 'kept for ever' : `kept ${duration(ms)}`;
}
