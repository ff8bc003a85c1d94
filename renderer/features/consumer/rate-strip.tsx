import { CanvasChart } from '../../components/canvas-chart.tsx';
import { Tag } from '../../components/surfaces.tsx';
import { clock, count, rate, shortRate } from '../../format.ts';
import { useSeconds } from '../../seconds.ts';
import type { ConsumerSession } from './consumer-session.ts';
import './rate-strip.css';

/** The last five minutes: read in grey, what matches the filter in the accent's chart colour; numbers once a second. */
export function RateStrip({ session, behind }: { session: ConsumerSession; behind: bigint | undefined }) {
  const second = useSeconds();
  const { history, totals, filter, phase } = session;
  const slices = history.slices(performance.now());
  const peak = history.peakPerSecond();
  const minutes = (history.sliceMs * slices.length) / 60_000;
  const filtered = filter.type !== 'none';
  const reading = phase === 'reading';
  const readPerSecond = reading ? (totals?.readPerSecond ?? 0) : 0;
  const now = Date.now();
  return (
    <section className="rate-strip" aria-label="Rate">
      <figure>
        <span className="peak">{shortRate(peak)}</span>
        <CanvasChart
          className="histogram"
          label={`Records a second over the last ${minutes} minutes, at most ${rate(peak)}`}
          version={`${second} ${filtered}`}
          draw={(context, width, height, colour) => {
            const most = Math.max(1, ...slices.map((slice) => slice.read));
            const step = width / slices.length;
            const bars = (token: string, value: (slice: { read: number; matched: number }) => number) => {
              context.fillStyle = colour(token);
              slices.forEach((slice, index) => {
                const bar = (value(slice) / most) * (height - 2);
                if (bar > 0)
                  context.fillRect(index * step, height - Math.max(1, bar), Math.max(1, step - 1), Math.max(1, bar));
              });
            };
            bars('--chart-mute', (slice) => slice.read);
            if (filtered) bars('--chart', (slice) => slice.matched);
          }}
        />
        <figcaption className="times">
          {[1, 0.75, 0.5, 0.25, 0].map((part) => (
            <span key={part}>{clock(now - part * minutes * 60_000)}</span>
          ))}
        </figcaption>
      </figure>
      <div>
        <div className="headline">
          <b>{rate(readPerSecond)}</b> rec/s <PhaseTag session={session} />
        </div>
        <p>{matchLine(session, behind)}</p>
        <p>{countLine(session)}</p>
      </div>
    </section>
  );
}

function PhaseTag({ session }: { session: ConsumerSession }) {
  switch (session.phase) {
    case 'paused':
      return (
        <Tag tone="warn" icon="pause">
          paused
        </Tag>
      );
    case 'failed':
      return (
        <Tag tone="bad" icon="error">
          ended
        </Tag>
      );
    case 'waiting':
      return (
        <Tag tone="warn" icon="clock">
          waiting for the worker
        </Tag>
      );
    case 'connecting':
      return <Tag icon="clock">connecting</Tag>;
    case 'reading':
      if (!session.list.following) return <Tag icon="pause">list stands still</Tag>;
      return (
        <Tag tone="accent" icon="play">
          following
        </Tag>
      );
  }
}

function matchLine({ filter, totals, phase }: ConsumerSession, behind: bigint | undefined) {
  if (phase === 'paused' && behind !== undefined) return `${count(behind)} records behind; nothing is missed`;
  if (filter.type === 'none') {
    if (!totals) return ' ';
    return totals.lag > 0n && !totals.caughtUp
      ? `${count(totals.lag)} records to the end`
      : `${count(totals.read)} records read`;
  }
  return (
    <>
      <span className="swatch" />
      {rate(phase === 'reading' ? (totals?.matchedPerSecond ?? 0) : 0)} rec/s match the filter
    </>
  );
}

function countLine({ totals, filter, list, phase }: ConsumerSession): string {
  const { stride } = list;
  const reading = phase === 'reading';
  const dropped = totals && totals.dropped > 0 ? `, ${count(totals.dropped)} not shown` : '';
  if (reading && stride > 1) return `Every record is read; the list shows 1 in ${count(stride)}${dropped}`;
  if (!totals) return ' ';
  if (!list.following) return `${count(list.order.count)} rows in the list${dropped}`;
  if (filter.type === 'none') return `Every record is read and shown${dropped}`;
  return `${count(totals.read)} read, ${count(totals.matched)} match${dropped}`;
}
