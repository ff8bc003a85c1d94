import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './outcome.css';

/** What an action that can't be taken back removes, and what it leaves. */
export function Outcome({ gone, kept }: { gone: readonly ReactNode[]; kept: readonly ReactNode[] }) {
  return (
    <ul className="outcome">
      {gone.map((what, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
        <li key={index} data-gone>
          <Icon name="close" size={12} />
          <span>{what}</span>
        </li>
      ))}
      {kept.map((what, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
        <li key={index}>
          <Icon name="check" size={12} />
          <span>Kept: {what}</span>
        </li>
      ))}
    </ul>
  );
}
