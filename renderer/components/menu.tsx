import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Keys } from './keys.tsx';
import './menu.css';

export type MenuEntry =
  | { label: ReactNode; icon?: IconName; chord?: string; note?: string; disabled?: boolean; run(): void }
  | 'line';

/** Actions that open from a button. */
export function Menu({
  trigger,
  entries,
  side = 'bottom',
}: {
  trigger: ReactElement;
  entries: readonly MenuEntry[];
  side?: 'top' | 'bottom' | 'right';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="layer-popup" side={side} sideOffset={4} align="start">
          <Base.Popup className="menu">
            {entries.map((entry, index) =>
              entry === 'line' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing else to be told by
                <hr key={index} />
              ) : (
                <Base.Item
                  // biome-ignore lint/suspicious/noArrayIndexKey: labels may be elements, and the list is fixed while open
                  key={index}
                  className="menu-item"
                  onClick={entry.run}
                  disabled={entry.disabled ?? false}
                >
                  {entry.icon && <Icon name={entry.icon} size={14} />}
                  <span>{entry.label}</span>
                  {entry.note && <span className="menu-note">{entry.note}</span>}
                  {entry.chord && <Keys chord={entry.chord} />}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
