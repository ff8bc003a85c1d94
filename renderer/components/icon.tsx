import type { ReactNode } from 'react';
import './icon.css';

/** Drawn on a grid of 16, one stroke, coloured by the text around. */
const DRAWINGS = {
  mark: <path strokeWidth="1.7" d="M2 4q3 0 6 1.6T14 4M2 8q3 0 6 1.6T14 8M2 12q3 0 6 1.6T14 12" />,
  pipelines: (
    <>
      <rect x="1.75" y="2.75" width="4.25" height="4.25" rx="1" />
      <rect x="10" y="9" width="4.25" height="4.25" rx="1" />
      <path d="M6 4.9h1.2a1 1 0 0 1 1 1v4.2a1 1 0 0 0 1 1H10" />
    </>
  ),
  catalog: <path d="M2.2 2.5h3v11h-3zM5.2 2.5h3v11h-3zM9.4 3.4l2.7-.7 2.4 10-2.8.7z" />,
  edit: <path d="m2.5 13.5.7-3.2 7.6-7.6 2.5 2.5-7.6 7.6zM9.4 4.1l2.5 2.5" />,
  topic: <path d="M2.5 4h11M2.5 8h11M2.5 12h7" />,
  broker: (
    <>
      <rect x="2" y="2.5" width="12" height="4.5" rx="1" />
      <rect x="2" y="9" width="12" height="4.5" rx="1" />
      <path className="thick" d="M4.7 4.75h0M4.7 11.25h0" />
    </>
  ),
  source: <path d="M6.5 2.5h6a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-6M1.8 8h7.9M7 5.2 9.8 8 7 10.8" />,
  sink: <path d="M9.5 2.5h-6a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h6M6.5 8h7.8M11.6 5.2 14.4 8l-2.8 2.8" />,
  follow: <path d="M8 2.2v7.4M4.6 6.4 8 9.8l3.4-3.4M3 13.4h10" />,
  filter: <path d="M2.2 3h11.6L9.3 8.4v4.7l-2.6-1.5V8.4z" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.2 10.2 3.4 3.4" />
    </>
  ),
  play: <path className="solid" d="M5 3.3v9.4L12.4 8z" />,
  pause: <path className="thick" d="M5.2 3.6v8.8M10.8 3.6v8.8" />,
  stop: <rect className="solid" x="3.9" y="3.9" width="8.2" height="8.2" rx="0.8" />,
  restart: <path d="M13 8a5 5 0 1 1-1.5-3.6M13.2 1.9v3h-3" />,
  trash: <path d="M2.5 4.4h11M6 4.4v-2h4v2M4 4.4l.6 9.1h6.8l.6-9.1M6.7 7v3.9M9.3 7v3.9" />,
  more: <path className="thick" d="M3.4 8h0M8 8h0M12.6 8h0" />,
  plus: <path d="M8 3v10M3 8h10" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  check: <path strokeWidth="1.8" d="M3 8.6 6.4 12 13 4.5" />,
  right: <path d="M6 3.6 10.4 8 6 12.4" />,
  down: <path d="M3.6 6 8 10.4 12.4 6" />,
  both: <path d="m5 6.1 3-3 3 3M5 9.9l3 3 3-3" />,
  'arrow-up': <path d="M8 13V3.4M4 7.3l4-4 4 4" />,
  'arrow-down': <path d="M8 3v9.6M4 8.7l4 4 4-4" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
      <path d="M10.5 5.5v-3h-8v8h3" />
    </>
  ),
  warning: <path d="M8 2.4 14.4 13.5H1.6zM8 6.5v3.2M8 11.7h0" />,
  error: <path d="M5.3 1.9h5.4l3.4 3.4v5.4l-3.4 3.4H5.3l-3.4-3.4V5.3zM8 4.8v3.9M8 11.1h0" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.3v3.9M8 4.9h0" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.6V8l2.5 1.7" />
    </>
  ),
  memory: (
    <>
      <rect x="3.5" y="3.5" width="9" height="9" rx="1" />
      <path d="M6 1.5v2M10 1.5v2M6 12.5v2M10 12.5v2M1.5 6h2M1.5 10h2M12.5 6h2M12.5 10h2" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path className="solid" d="M8 2v12a6 6 0 0 0 0-12z" />
    </>
  ),
  keyboard: (
    <>
      <rect x="1.6" y="3.6" width="12.8" height="8.8" rx="1.2" />
      <path d="M4.4 6.4h0M7 6.4h0M9.6 6.4h0M12 6.4h0M5 9.6h6" />
    </>
  ),
  folder: <path d="M1.8 3.5h4.4l1.5 1.8h6.5v8H1.8z" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

export interface IconProps {
  name: IconName;
  size?: 10 | 12 | 14 | 16 | 20;
  className?: string;
}

/** A picture beside words; never the only bearer of a meaning, so screen readers skip it. */
export function Icon({ name, size = 16, className }: IconProps) {
  return (
    <svg className={className ? `icon ${className}` : 'icon'} data-size={size} viewBox="0 0 16 16" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}
