import type { ComponentProps } from 'react';

/*
 * The parts of an ARIA grid as plain boxes: elements of a table can't be placed by their index, which a list of two
 * hundred thousand rows needs. The grid itself has the focus and takes the keys.
 */

export function Grid(props: ComponentProps<'div'>) {
  return <div {...props} {...GRID} />;
}
export function GridRows(props: ComponentProps<'div'>) {
  return <div {...props} {...ROWGROUP} />;
}
export function GridRow(props: ComponentProps<'div'>) {
  return <div {...props} {...ROW} />;
}
export function GridHead(props: ComponentProps<'div'>) {
  return <div {...props} {...COLUMNHEADER} />;
}
export function GridCell(props: ComponentProps<'div'>) {
  return <div {...props} {...GRIDCELL} />;
}

const GRID = { role: 'grid', tabIndex: 0 };
const ROWGROUP = { role: 'rowgroup' };
const ROW = { role: 'row' };
const COLUMNHEADER = { role: 'columnheader' };
const GRIDCELL = { role: 'gridcell' };
