import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import { Keys } from './keys.tsx';
import './tooltip.css';

export interface TooltipProps {
  text: ReactNode;
  chord?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** The element that is described; takes a ref and spreads its props. */
  children: ReactElement<Record<string, unknown>>;
}

/** A few words on hover and focus. Never the only place where something is said. */
export function Tooltip({ text, chord, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="layer-tooltip">
          <Base.Popup className="tooltip">
            {text}
            {chord && <Keys chord={chord} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export const TooltipProvider = Base.Provider;
