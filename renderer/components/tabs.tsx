import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import './tabs.css';

export interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange(value: T): void;
  tabs: readonly { value: T; label: ReactNode; content(): ReactNode }[];
  /** Stands between the tabs and every view. */
  children?: ReactNode;
}

/** Views of the same thing. Only the chosen one exists. */
export function Tabs<T extends string>({ label, value, onChange, tabs, children }: TabsProps<T>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(chosen) => onChange(chosen as T)}
      render={<div className="subtab-panel" />}
    >
      <Base.List className="subtabs" aria-label={label} activateOnFocus>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value}>
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="subtab-panel" tabIndex={-1}>
          {tab.value === value && tab.content()}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
