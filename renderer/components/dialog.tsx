import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { ModalLayer } from '../keyboard/commands.tsx';
import './dialog.css';

export interface DialogProps {
  title: ReactNode;
  /** px */
  width: number;
  onClose(): void;
  children: ReactNode;
  footer?: ReactNode;
  /** Asks for a decision: a click beside it doesn't close it. */
  alert?: boolean;
  /** What has the focus first; else the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
}

/** A layer over everything: holds the focus, gives it back, Esc closes it. Mounted while it is open. */
export function Dialog({ title, width, onClose, children, footer, alert, initialFocus }: DialogProps) {
  const Part = alert ? AlertDialog : Base;
  return (
    <Part.Root open onOpenChange={(open: boolean) => !open && onClose()}>
      <Part.Portal>
        <Part.Backdrop className="scrim" />
        <Part.Viewport className="dialog-place">
          <Part.Popup className="dialog" style={{ width }} initialFocus={initialFocus}>
            <ModalLayer>
              <header>
                <Part.Title>{title}</Part.Title>
              </header>
              <div className="dialog-body">{children}</div>
              {footer && <footer>{footer}</footer>}
            </ModalLayer>
          </Part.Popup>
        </Part.Viewport>
      </Part.Portal>
    </Part.Root>
  );
}
