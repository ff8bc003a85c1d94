/** F6 walks through these, in this order; what is not on the screen is skipped. */
const ORDER = ['sidebar', 'tabs', 'main', 'detail', 'status'] as const;
export type Region = (typeof ORDER)[number];

const FOCUSABLE =
  'button:not([disabled]), a[href], input:not([disabled]), textarea, select, [tabindex]:not([tabindex="-1"])';

/** Moves the focus to the next (1) or previous (-1) region, to what had the focus there or its first control. */
export function stepRegion(direction: 1 | -1): void {
  const regions = ORDER.flatMap((name) => {
    const element = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
    return element && element.offsetParent !== null ? [element] : [];
  });
  if (regions.length === 0) return;
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions.at((at + direction + (at < 0 && direction === -1 ? 1 : 0)) % regions.length)!;
  const inner = regions.filter((region) => region !== next && next.contains(region));
  const first = [...next.querySelectorAll<HTMLElement>(`[data-region-start], ${FOCUSABLE}`)]
    .filter((element) => element.offsetParent !== null && !inner.some((region) => region.contains(element)))
    .sort((a, b) => Number('regionStart' in b.dataset) - Number('regionStart' in a.dataset))[0];
  (first ?? next).focus();
}
