import { memo, type ReactNode } from 'react';
import type { Format } from '../../../common/kafka/decode.ts';
import { GridCell, GridRow } from '../../components/grid.tsx';
import { count, counted, dateTime, time } from '../../format.ts';
import type { ConsumerSession } from './consumer-session.ts';
import type { MatchRange } from './filter.ts';
import type { Row } from './record-ring.ts';
import { decodePart, Preview } from './value-preview.tsx';

const KEY_CHARACTERS = 18;

export interface RowPlace {
  /** px */
  top: number;
  odd: boolean;
  /** Known while the list stands still. */
  rowIndex: number | undefined;
}

interface RecordRowProps extends RowPlace {
  id: string;
  row: Row & { type: 'record' };
  selected: boolean;
  find(text: string, limit?: number): MatchRange[];
  keyFormat: Format;
  valueFormat: Format;
  /** That a value's cell shows at most. */
  characters: number;
  session: ConsumerSession;
}

/** A record does not change: the same sequence at the same place needs no drawing. */
export const RecordRow = memo(
  function RecordRow({
    id,
    row,
    top,
    odd,
    rowIndex,
    selected,
    find,
    keyFormat,
    valueFormat,
    characters,
    session,
  }: RecordRowProps) {
    const { record, sequence } = row;
    const key = decodePart(record, 'key', keyFormat);
    const value = decodePart(record, 'value', valueFormat);
    return (
      <GridRow
        id={id}
        className="record"
        aria-rowindex={rowIndex}
        aria-selected={selected}
        data-odd={odd || undefined}
        data-kind={value.kind}
        style={{ top }}
        onClick={() => session.select(sequence)}
      >
        <Cell quiet title={dateTime(record.timestamp)}>
          {time(record.timestamp)}
        </Cell>
        <Cell quiet number>
          {record.partition}
        </Cell>
        <Cell quiet number>
          {count(record.offset)}
        </Cell>
        <Cell>
          <Preview record={record} part="key" decoded={key} find={find} characters={KEY_CHARACTERS} />
        </Cell>
        <Cell keep>
          <Preview record={record} part="value" decoded={value} find={find} characters={characters} />
        </Cell>
        <Cell quiet number className="cell-headers">
          {record.headers.length}
        </Cell>
        <Cell quiet number className="cell-bytes">
          {count(record.keySize + record.valueSize)}
        </Cell>
      </GridRow>
    );
  },
  (before, after) =>
    before.row.sequence === after.row.sequence &&
    before.top === after.top &&
    before.odd === after.odd &&
    before.rowIndex === after.rowIndex &&
    before.selected === after.selected &&
    before.find === after.find &&
    before.keyFormat === after.keyFormat &&
    before.valueFormat === after.valueFormat &&
    before.characters === after.characters,
);

function Cell({
  quiet,
  number,
  keep,
  title,
  className,
  children,
}: {
  quiet?: boolean;
  number?: boolean;
  keep?: boolean;
  title?: string;
  className?: string;
  children: ReactNode;
}) {
  const classes = [quiet && 'quiet', number && 'number', keep && 'keep', className].filter(Boolean).join(' ');
  return (
    <GridCell className={classes} title={title}>
      {children}
    </GridCell>
  );
}

export function GapRow({ row, top, rowIndex }: { row: Row & { type: 'gap' } } & RowPlace) {
  const { gap } = row;
  const last = gap.to - 1n;
  const offsets = gap.from === last ? `offset ${count(gap.from)}` : `offsets ${count(gap.from)}–${count(last)}`;
  return (
    <GridRow className="record gap" aria-rowindex={rowIndex} data-reason={gap.reason} style={{ top }}>
      <GridCell>
        {gap.reason === 'dropped'
          ? `Partition ${gap.partition}: ${counted(gap.records, 'match', 'matches')} at ${offsets} came faster than the window took them; they are in the topic`
          : `Partition ${gap.partition}: ${offsets} compacted or deleted`}
      </GridCell>
    </GridRow>
  );
}
