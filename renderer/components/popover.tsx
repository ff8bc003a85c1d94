import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode, RefObject } from 'react';
import './popover.css';

export interface PopoverProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  label: string;
  /** What opens it; or `anchor`, when something else decides. */
  trigger?: ReactElement;
  anchor?: RefObject<Element | null>;
  children: ReactNode;
}

/** A small form that hangs from a control. Esc and a click elsewhere close it. */
export function Popover({ open, onOpenChange, label, trigger, anchor, children }: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Positioner className="layer-popup" sideOffset={4} align="start" anchor={anchor}>
          <Base.Popup className="popover" aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
