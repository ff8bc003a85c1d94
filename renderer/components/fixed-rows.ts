import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

export interface FixedRows {
  /** Index of the first row to draw, and the one after the last. */
  first: number;
  last: number;
  /** px of all rows */
  height: number;
  /** Whole rows that fit. */
  page: number;
  scrollTo(index: number): void;
}

const OVERSCAN = 4;

/**
 * The rows of equal height that a scrolled region shows. The cost does not depend on how many rows there are, so a
 * list may change its length with every frame. (Chromium draws no element taller than 33 million px: 1.4 million rows
 * of 24.)
 */
export function useFixedRows(
  region: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
  head = 0,
): FixedRows {
  const [{ top, view }, setWindow] = useState({ top: 0, view: 0 });

  useLayoutEffect(() => {
    const element = region.current;
    if (!element) return;
    const measure = () => {
      const next = { top: element.scrollTop, view: element.clientHeight - head };
      setWindow((before) => (before.top === next.top && before.view === next.view ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [region, head]);

  // A list that became shorter than where it was scrolled to is clamped by the browser without a scroll event. What was
  // measured last is asked, not the element: reading its scrollTop here would lay the page out anew with each new row.
  const height = rows * rowHeight;
  const lowest = Math.max(0, height - view);
  useEffect(() => {
    const element = region.current;
    if (!element || top <= lowest) return;
    element.scrollTop = lowest;
    setWindow((before) => ({ ...before, top: lowest }));
  }, [region, top, lowest]);

  const visibleTop = Math.min(top, lowest);
  return {
    first: Math.max(0, Math.floor(visibleTop / rowHeight) - OVERSCAN),
    last: Math.min(rows, Math.ceil((visibleTop + view) / rowHeight) + OVERSCAN),
    height,
    page: Math.max(1, Math.floor(view / rowHeight)),
    scrollTo: (index) => {
      const element = region.current;
      if (!element) return;
      const rowTop = index * rowHeight;
      if (rowTop < element.scrollTop) element.scrollTop = rowTop;
      else if (rowTop + rowHeight > element.scrollTop + view) element.scrollTop = rowTop + rowHeight - view;
    },
  };
}
