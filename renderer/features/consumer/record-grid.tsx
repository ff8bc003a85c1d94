import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { Button } from '../../components/button.tsx';
import { useFixedRows } from '../../components/fixed-rows.ts';
import { focusInPage } from '../../components/focus.ts';
import { Grid, GridHead, GridRow, GridRows } from '../../components/grid.tsx';
import { Icon } from '../../components/icon.tsx';
import { count } from '../../format.ts';
import type { ConsumerSession } from './consumer-session.ts';
import { matcher } from './filter.ts';
import { GapRow, RecordRow } from './record-row.tsx';
import './record-grid.css';

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 27;
/** How far rows are shifted before they get new places. */
const SHIFT_ROWS = 4_096;
const CHARACTER_WIDTH = 7.2;

/** The list with what lies over it. */
export function RecordPane({ session }: { session: ConsumerSession }) {
  useSyncExternalStore(session.notifier.subscribe, session.notifier.version);
  const { list, stale } = session;
  return (
    <section className="record-pane" aria-label="Records">
      <RecordGrid session={session} />
      {list.newRows > 0 && !stale && (
        <div className="new-rows">
          <Button size="small" icon="arrow-up" chord="F" onClick={() => session.follow()}>
            {count(list.newRows)} new
          </Button>
        </div>
      )}
    </section>
  );
}

/** The ring's rows, newest first; only those in view exist. Arrows, page keys, Home and End move the selection. */
function RecordGrid({ session }: { session: ConsumerSession }) {
  const region = useRef<HTMLDivElement>(null);
  const { list, filter, settings, totals } = session;
  const { count: rows, sequence } = list.order;
  const window = useFixedRows(region, rows, ROW_HEIGHT, HEAD_HEIGHT);
  const find = useMemo(() => matcher(filter), [filter]);
  const id = useId();
  const selected = list.selected?.sequence;
  const selectedIndex = selected === undefined || rows === 0 ? -1 : (sequence(0) - selected) / list.stride;
  const inList = Number.isInteger(selectedIndex) && selectedIndex >= 0 && selectedIndex < rows;

  // Whoever opened this wants to use it: keys go to the list unless something in the page has the focus already.
  useEffect(() => {
    const grid = region.current;
    if (!grid || focusInPage()) return;
    // The ring waits for the first key: who came by pointer needs none.
    grid.dataset.quiet = '';
    grid.focus({ preventScroll: true });
  }, []);

  // Following means standing at the top; whoever scrolls down wants to read.
  const { following } = list;
  useEffect(() => {
    if (following) region.current?.scrollTo({ top: 0 });
  }, [following]);
  const onScroll = () => {
    if (list.following && (region.current?.scrollTop ?? 0) > ROW_HEIGHT) session.hold();
  };

  const seen = useRef(selected);
  useEffect(() => {
    if (seen.current === selected) return;
    seen.current = selected;
    if (inList) window.scrollTo(selectedIndex);
  });

  const goTo = (index: number) => session.select(sequence(Math.max(0, Math.min(rows - 1, index))));
  const onKeyDown = (event: KeyboardEvent) => {
    delete region.current?.dataset.quiet;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== region.current) return;
    if (event.key === 'ArrowDown') session.step(1);
    else if (event.key === 'ArrowUp') session.step(-1);
    else if (event.key === 'PageDown') goTo((inList ? selectedIndex : -1) + window.page);
    else if (event.key === 'PageUp') goTo((inList ? selectedIndex : 0) - window.page);
    else if (event.key === 'Home') goTo(0);
    else if (event.key === 'End') goTo(rows - 1);
    else return;
    event.preventDefault();
  };

  const widest = totals?.partitions.reduce((most, { endOffset }) => (endOffset > most ? endOffset : most), 0n) ?? 0n;
  // In steps, so that a drag at the window's edge does not draw every row at every pixel.
  const characters = 20 * Math.ceil(((region.current?.clientWidth ?? 800) - 300) / CHARACTER_WIDTH / 20) + 20;
  // A row stands where its sequence puts it, and all of them are shifted together: one that stays costs nothing.
  const newest = rows === 0 ? 0 : sequence(0) / list.stride;
  const base = Math.ceil(newest / SHIFT_ROWS) * SHIFT_ROWS;
  const drawn = Array.from({ length: window.last - window.first }, (_, n) => window.first + n);
  // While it moves, a row's element takes over the row that comes in when its own goes out, in an order that never
  // changes: moving elements would cost the layout of all of them.
  const slot = (index: number) => (newest - index) % Math.max(1, drawn.length);
  if (following) drawn.sort((a, b) => slot(a) - slot(b));
  return (
    <Grid
      className="record-grid"
      data-region-start
      ref={region}
      aria-label={`Records of ${session.topic}, newest first`}
      aria-rowcount={rows + 1}
      aria-activedescendant={inList ? `${id}${selected}` : undefined}
      data-stale={session.stale || undefined}
      style={{ '--offset-width': `${Math.max(10, count(widest).length) * 7.3 + 17}px` } as CSSProperties}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onBlur={() => delete region.current?.dataset.quiet}
    >
      <GridRow className="head" aria-rowindex={1}>
        <Head>
          Time <Icon name="arrow-down" size={10} />
        </Head>
        <Head number title="Partition">
          P
        </Head>
        <Head number>Offset</Head>
        <Head>Key</Head>
        <Head title="The member with the most text stands first; the record’s own order is in its detail">Value</Head>
        <Head number title="Headers" className="cell-headers">
          H
        </Head>
        <Head number className="cell-bytes">
          Bytes
        </Head>
      </GridRow>
      <GridRows className="rows" style={{ height: window.height }}>
        <div className="rows-shift" role="presentation" style={{ translate: `0 ${(newest - base) * ROW_HEIGHT}px` }}>
          {drawn.map((index) => {
            const row = list.row(sequence(index));
            if (!row) return null;
            const unit = newest - index;
            const place = {
              top: (base - unit) * ROW_HEIGHT,
              odd: unit % 2 !== 0,
              rowIndex: following ? undefined : index + 2,
            };
            const key = following ? slot(index) : row.sequence;
            return row.type === 'gap' ? (
              <GapRow key={key} row={row} {...place} />
            ) : (
              <RecordRow
                key={key}
                id={`${id}${row.sequence}`}
                row={row}
                {...place}
                selected={row.sequence === selected}
                find={find}
                keyFormat={settings.keyFormat}
                valueFormat={settings.valueFormat}
                characters={characters}
                session={session}
              />
            );
          })}
        </div>
      </GridRows>
    </Grid>
  );
}

function Head({
  number,
  title,
  className,
  children,
}: {
  number?: boolean;
  title?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <GridHead className={`${number ? 'number ' : ''}${className ?? ''}`} title={title}>
      {children}
    </GridHead>
  );
}
