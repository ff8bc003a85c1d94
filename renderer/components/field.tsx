import { Checkbox as Base } from '@base-ui/react/checkbox';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './field.css';

export interface FieldProps extends Omit<ComponentProps<'input'>, 'size'> {
  icon?: IconName;
  label: string;
  /** What stands behind the text, inside the outline. */
  end?: ReactNode;
  invalid?: boolean;
  large?: boolean;
  fieldClass?: string;
}

/** One line of text with its picture and what belongs to it, in one outline. */
export function Field({ icon, label, end, invalid, large, fieldClass, ...input }: FieldProps) {
  return (
    <span
      className={fieldClass ? `field ${fieldClass}` : 'field'}
      data-error={invalid || undefined}
      data-large={large || undefined}
    >
      {icon && <Icon name={icon} size={14} />}
      <input aria-label={label} aria-invalid={invalid || undefined} spellCheck={false} autoComplete="off" {...input} />
      {end}
    </span>
  );
}

export interface CheckboxProps {
  checked: boolean;
  onChange(checked: boolean): void;
  children: ReactNode;
  note?: ReactNode;
}

export function Checkbox({ checked, onChange, children, note }: CheckboxProps) {
  const id = useId();
  return (
    <span className="checkbox">
      <Base.Root checked={checked} onCheckedChange={onChange} aria-labelledby={id}>
        <Base.Indicator>
          <Icon name="check" size={10} />
        </Base.Indicator>
      </Base.Root>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a wider target for the pointer; the checkbox itself takes keys */}
      <span id={id} onClick={() => onChange(!checked)}>
        {children}
        {note && <small>{note}</small>}
      </span>
    </span>
  );
}
