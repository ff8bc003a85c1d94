import { type FormEvent, useRef, useState } from 'react';
import type { ConsumeStart } from '../../../common/kafka/consume.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Popover } from '../../components/popover.tsx';
import { Segments } from '../../components/segments.tsx';
import { count, dateTime } from '../../format.ts';
import { parseOffset, parseTime, timeText } from './start-text.ts';

type Segment = 'now' | 'beginning' | 'offset' | 'timestamp';

/** Where reading starts. Offset and time ask for it first. */
export function StartPicker({ start, onChange }: { start: ConsumeStart; onChange(start: ConsumeStart): void }) {
  const anchor = useRef<HTMLSpanElement>(null);
  const [asking, setAsking] = useState<'offset' | 'timestamp'>();
  const chosen: Segment =
    start.type === 'offset' || start.type === 'timestamp' || start.type === 'beginning' ? start.type : 'now';
  const choose = (segment: Segment) => {
    if (segment === 'now' || segment === 'beginning') onChange({ type: segment });
    else setAsking(segment);
  };
  return (
    <span ref={anchor}>
      <Segments
        label="Start from"
        value={chosen}
        onChange={choose}
        onAgain={choose}
        options={[
          { value: 'now', label: 'Now' },
          { value: 'beginning', label: 'Beginning' },
          { value: 'offset', label: start.type === 'offset' ? `Offset ${count(start.offset)}` : 'Offset…' },
          { value: 'timestamp', label: start.type === 'timestamp' ? dateTime(start.timestamp).slice(5, -4) : 'Time…' },
        ]}
      />
      <Popover
        open={asking !== undefined}
        onOpenChange={(open) => !open && setAsking(undefined)}
        label={asking === 'offset' ? 'Start from an offset' : 'Start from a time'}
        anchor={anchor}
      >
        {asking && (
          <Ask
            kind={asking}
            start={start}
            onDone={(next) => {
              setAsking(undefined);
              onChange(next);
            }}
          />
        )}
      </Popover>
    </span>
  );
}

function Ask({
  kind,
  start,
  onDone,
}: {
  kind: 'offset' | 'timestamp';
  start: ConsumeStart;
  onDone(start: ConsumeStart): void;
}) {
  const [text, setText] = useState(() => {
    if (kind === 'offset') return start.type === 'offset' ? String(start.offset) : '0';
    return timeText(start.type === 'timestamp' ? start.timestamp : BigInt(Date.now() - 15 * 60_000));
  });
  const parsed = kind === 'offset' ? parseOffset(text) : parseTime(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof parsed === 'string') return;
    onDone(kind === 'offset' ? { type: 'offset', offset: parsed } : { type: 'timestamp', timestamp: parsed });
  };
  return (
    <form onSubmit={submit} style={{ display: 'grid', gap: 8 }}>
      <span className="second">
        {kind === 'offset'
          ? 'The same offset in every partition. Before the first it means the first, beyond the last the end.'
          : 'The first record at or after this time in every partition; local time, or ms since 1970.'}
      </span>
      <Field
        label={kind === 'offset' ? 'Offset' : 'Time'}
        className="data"
        value={text}
        invalid={typeof parsed === 'string'}
        onChange={(event) => setText(event.target.value)}
        autoFocus
      />
      {typeof parsed === 'string' && (
        <span className="field-error" role="alert">
          {parsed}
        </span>
      )}
      <span>
        <Button type="submit" kind="primary" size="small" unavailable={typeof parsed === 'string' ? parsed : undefined}>
          Read from here
        </Button>
      </span>
    </form>
  );
}
