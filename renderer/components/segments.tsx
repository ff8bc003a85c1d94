import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import './segments.css';

export interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange(value: T): void;
  /** Called when the chosen segment is pressed again, for those that open something. */
  onAgain?(value: T): void;
}

/** One of a few, side by side; the arrows move between them. */
export function Segments<T extends string>({ label, value, options, onChange, onAgain }: SegmentsProps<T>) {
  return (
    <RadioGroup className="segments" aria-label={label} value={value} onValueChange={(chosen) => onChange(chosen as T)}>
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          nativeButton
          render={<button type="button" />}
          onClick={() => {
            if (option.value === value) onAgain?.(value);
          }}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
