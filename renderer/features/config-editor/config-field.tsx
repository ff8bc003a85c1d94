import { useId } from 'react';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Menu } from '../../components/menu.tsx';
import type { FormField } from './config-form.ts';

export interface ConfigFieldProps {
  field: FormField;
  /** undefined: the default counts again. */
  onChange(value: string | undefined): void;
}

/** One key: its value, its errors under it, and what the definition says of it. */
export function ConfigField({ field, onChange }: ConfigFieldProps) {
  const { name, definition, value, recommended, errors } = field;
  const { type, default_value, required, documentation, width, importance } = definition;
  const id = useId();
  const choices = type === 'BOOLEAN' ? ['true', 'false'] : recommended;
  return (
    <div className="config-field" data-wrong={errors.length > 0 || undefined} data-key={name}>
      <code className="config-key" title={documentation}>
        {name}
      </code>
      <div className="config-value">
        <span className="config-input" data-width={width.toLowerCase()}>
          <Field
            label={name}
            type={type === 'PASSWORD' ? 'password' : 'text'}
            invalid={errors.length > 0}
            aria-describedby={id}
            value={value ?? ''}
            placeholder={required ? 'required' : default_value === null ? '' : default_value}
            onChange={(event) => onChange(event.target.value)}
            end={
              choices.length > 0 ? (
                <Menu
                  trigger={
                    <button type="button" className="config-choices" aria-label={`Values for ${name}`}>
                      <Icon name="down" size={12} />
                    </button>
                  }
                  entries={choices.map((choice) => ({ label: choice, run: () => onChange(choice) }))}
                />
              ) : undefined
            }
          />
          {value !== undefined && !required && (
            <button type="button" className="config-default" onClick={() => onChange(undefined)}>
              Use default
            </button>
          )}
        </span>
        <span id={id}>
          {errors.map((error) => (
            <span key={error} className="config-error">
              <Icon name="error" size={12} /> {error}
            </span>
          ))}
          <span className="config-doc">{documentation}</span>
        </span>
      </div>
      <span className="config-importance">{importance.toLowerCase()}</span>
    </div>
  );
}
