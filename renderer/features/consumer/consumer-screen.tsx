import { useMemo, useState, useSyncExternalStore } from 'react';
import type { WorkerClient } from '../../../common/contract.ts';
import type { TopicDetail } from '../../../common/kafka/topics.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { Empty, Problem, Waiting } from '../../components/surfaces.tsx';
import type { Connection } from '../../connection.ts';
import { count, counted } from '../../format.ts';
import { useCommand } from '../../keyboard/commands.tsx';
import { CommandBar, type Spelling } from './command-bar.tsx';
import { ConsumerHeader, toggleFollow } from './consumer-header.tsx';
import type { ConsumerSession } from './consumer-session.ts';
import { KEEP } from './consumer-settings.ts';
import { matcher } from './filter.ts';
import { FilterField } from './filter-field.tsx';
import { PartitionPicker } from './partition-picker.tsx';
import { RateStrip } from './rate-strip.tsx';
import { RecordDetail, type RecordDetailProps } from './record-detail.tsx';
import { RecordPane } from './record-grid.tsx';
import { StartPicker } from './start-picker.tsx';
import { useTopicDetail } from './topic-detail.ts';
import '../../components/page.css';
import './consumer-screen.css';

export interface ConsumerScreenProps {
  session: ConsumerSession;
  worker: Connection<WorkerClient>;
  bootstrapServers: string;
  spelling: Spelling;
  onSpelling(spelling: Spelling): void;
}

/** A topic as it is written: start, filter, list, and the chosen record beside it. */
export function ConsumerScreen({ session, worker, bootstrapServers, spelling, onSpelling }: ConsumerScreenProps) {
  useSyncExternalStore(session.notifier.subscribeCalm, session.notifier.calmVersion);
  const { phase, list, filter, totals } = session;
  const paused = phase === 'paused';
  const detail = useTopicDetail(session.topic, worker, paused);
  const [view, setView] = useState<RecordDetailProps['view']>('json');
  const find = useMemo(() => matcher(filter), [filter]);
  const partitionCount = detail?.partitions.length ?? totals?.partitions.length ?? 0;

  const pause = () => (paused ? session.resume() : session.pause());
  useCommand(
    {
      id: 'pause',
      title: paused ? 'Go on reading' : 'Pause reading',
      icon: paused ? 'play' : 'pause',
      run: pause,
    },
    phase !== 'failed',
  );
  useCommand({ id: 'follow', title: 'Follow the newest record', icon: 'follow', run: () => toggleFollow(session) });
  useCommand({ id: 'next-record', run: () => session.step(1) });
  useCommand({ id: 'previous-record', run: () => session.step(-1) });
  useCommand({ id: 'retry', title: 'Try again', icon: 'restart', run: () => session.resume() }, phase === 'failed');

  return (
    <div className="consumer">
      <ConsumerHeader session={session} detail={detail} onPause={pause} />
      <Toolbar session={session} partitionCount={partitionCount} />
      <RateStrip session={session} behind={paused ? behindOf(session, detail) : undefined} />
      {session.error && (
        <Problem strip what={`Reading ${session.topic} ended`} error={session.error}>
          <Button size="small" icon="restart" chord="R" onClick={() => session.resume()}>
            Try again
          </Button>
        </Problem>
      )}
      {session.ring.fullOfBytes && (
        <p className="small second one-line" style={{ padding: '4px var(--gutter)' }}>
          The list holds {count(session.ring.end - session.ring.start)} rows: they are large and fill its memory. Older
          ones are in the topic.
        </p>
      )}
      <div className="columns" data-detail={list.selected !== undefined || undefined}>
        <RecordPane session={session} />
        {list.selected && <RecordDetail session={session} worker={worker} find={find} view={view} onView={setView} />}
        {list.order.count === 0 && <NoRows session={session} detail={detail} />}
        {session.stale && totals && !totals.caughtUp && totals.matched === 0 && (
          <div className="overlay">
            <Waiting what={<Searched session={session} />}>
              <Button size="small" onClick={() => session.pause()}>
                Stop
              </Button>
            </Waiting>
          </div>
        )}
      </div>
      <CommandBar
        session={session}
        bootstrapServers={bootstrapServers}
        partitionCount={partitionCount}
        spelling={spelling}
        onSpelling={onSpelling}
      />
    </div>
  );
}

function Toolbar({ session, partitionCount }: { session: ConsumerSession; partitionCount: number }) {
  const { settings, totals } = session;
  return (
    <div className="toolbar">
      <span className="small second wide-only">Start from</span>
      <StartPicker start={settings.start} onChange={(start) => session.change({ start })} />
      <span className="rule not-narrow" />
      <PartitionPicker
        chosen={settings.partitions}
        total={partitionCount}
        progress={totals?.partitions ?? []}
        onChange={(partitions) => session.change({ partitions })}
      />
      <FilterField session={session} />
      <Select
        label="Records to keep in the list"
        className="not-narrow"
        value={settings.keep}
        onChange={(keep) => session.change({ keep })}
        shown={`Keep ${count(settings.keep)}`}
        options={KEEP.map((keep) => ({ value: keep, label: count(keep) }))}
      />
    </div>
  );
}

function Searched({ session }: { session: ConsumerSession }) {
  const { totals } = session;
  const read = totals?.read ?? 0;
  return (
    <span>
      <b>{count(read)}</b> of {count(BigInt(read) + (totals?.lag ?? 0n))} searched, 0 matches
    </span>
  );
}

function NoRows({ session, detail }: { session: ConsumerSession; detail: TopicDetail | undefined }) {
  const { phase, filter, totals, settings, topic, error } = session;
  if (error) return null;
  if (phase === 'connecting' || phase === 'waiting' || (!totals && phase !== 'paused')) {
    return (
      <div className="overlay">
        <Waiting what={phase === 'waiting' ? 'Waiting for the worker' : `Waiting for ${topic}`} />
      </div>
    );
  }
  const end = detail?.partitions.reduce((sum, { endOffset, beginningOffset }) => sum + endOffset - beginningOffset, 0n);
  const filtered = filter.type !== 'none';
  return (
    <div className="overlay">
      <Empty
        title={
          filtered ? (
            'No record matches yet'
          ) : (
            <>
              No record yet in <code>{topic}</code>
            </>
          )
        }
      >
        <p>
          {filtered && totals && `${counted(totals.read, 'record')} read since the start, none matches the filter. `}
          {settings.start.type === 'now' && 'You started from now, so records appear here as they arrive. '}
          {end !== undefined &&
            end > 0n &&
            settings.start.type !== 'beginning' &&
            `${counted(end, 'older one')} ${end === 1n ? 'is' : 'are'} in the topic.`}
          {end === 0n && 'The topic is empty. A source connector, or a producer, fills it.'}
        </p>
        {settings.start.type !== 'beginning' && end !== 0n && (
          <Button kind="primary" size="small" onClick={() => session.change({ start: { type: 'beginning' } })}>
            Read from the beginning
          </Button>
        )}
      </Empty>
    </div>
  );
}

/** How many records were written since it paused. */
function behindOf(session: ConsumerSession, detail: TopicDetail | undefined): bigint | undefined {
  const { totals } = session;
  if (!totals || !detail) return undefined;
  const ends = new Map(detail.partitions.map(({ partition, endOffset }) => [partition, endOffset]));
  return totals.partitions.reduce((sum, { partition, position }) => {
    const lag = (ends.get(partition) ?? position) - position;
    return lag > 0n ? sum + lag : sum;
  }, 0n);
}
