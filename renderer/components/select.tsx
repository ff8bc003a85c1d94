import { Select as Base } from '@base-ui/react/select';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './menu.css';
import './select.css';

export interface SelectProps<T> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; note?: string }[];
  onChange(value: T): void;
  /** How the chosen value reads on the control. */
  shown: ReactNode;
  plain?: boolean;
  className?: string;
}

/** One of a list that opens. */
export function Select<T>({ label, value, options, onChange, shown, plain, className }: SelectProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(chosen) => onChange(chosen as T)} items={[...options]}>
      <Base.Trigger
        className={className ? `select ${className}` : 'select'}
        aria-label={label}
        data-plain={plain || undefined}
      >
        {shown}
        <Icon name="down" size={12} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="layer-popup" sideOffset={4} align="start" alignItemWithTrigger={false}>
          <Base.Popup className="menu">
            <Base.List>
              {options.map((option) => (
                <Base.Item key={String(option.value)} value={option.value} className="menu-item">
                  <span className="menu-mark">
                    <Base.ItemIndicator>
                      <Icon name="check" size={12} />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.note && <span className="menu-note">{option.note}</span>}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
