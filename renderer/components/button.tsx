import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { ariaKeys, Keys } from './keys.tsx';
import { Tooltip } from './tooltip.tsx';
import './button.css';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  /** One primary in a view; danger for what can't be taken back. */
  kind?: 'primary' | 'ghost' | 'danger';
  size?: 'small' | 'large';
  icon?: IconName;
  /** The chord that does the same, drawn on the button. */
  chord?: string;
  busy?: boolean;
  /** Why it can't be pressed now. The button stays reachable, so that the reason can be read. */
  unavailable?: string | undefined;
}

export function Button({ kind, size, icon, chord, busy, unavailable, children, onClick, ...rest }: ButtonProps) {
  const button = (
    <button
      type="button"
      className="button"
      data-kind={kind}
      data-size={size}
      aria-busy={busy || undefined}
      aria-disabled={unavailable !== undefined || busy || undefined}
      aria-keyshortcuts={chord && ariaKeys(chord)}
      onClick={(event: MouseEvent<HTMLButtonElement>) => {
        if (unavailable === undefined && !busy) onClick?.(event);
      }}
      {...rest}
    >
      {icon && <Icon name={icon} size={size === 'small' ? 14 : 16} />}
      {children}
      {chord && <Keys chord={chord} />}
    </button>
  );
  return unavailable ? <Tooltip text={unavailable}>{button}</Tooltip> : button;
}

export interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  icon: IconName;
  /** What it does; shown as its tooltip. */
  label: string;
  tooltip?: ReactNode;
}

/** A button of which only the picture shows. */
export function IconButton({
  icon,
  label,
  tooltip,
  chord,
  kind = 'ghost',
  size,
  unavailable,
  ...rest
}: IconButtonProps) {
  const { busy, onClick, ...others } = rest;
  return (
    <Tooltip text={unavailable ?? tooltip ?? label} chord={unavailable ? undefined : chord}>
      <button
        type="button"
        className="button"
        data-square
        data-kind={kind}
        data-size={size}
        aria-label={label}
        aria-busy={busy || undefined}
        aria-disabled={unavailable !== undefined || busy || undefined}
        aria-keyshortcuts={chord && ariaKeys(chord)}
        onClick={(event) => {
          if (unavailable === undefined && !busy) onClick?.(event);
        }}
        {...others}
      >
        <Icon name={icon} size={size === 'small' ? 14 : 16} />
      </button>
    </Tooltip>
  );
}
