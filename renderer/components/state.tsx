import type { ReactNode } from 'react';
import './state.css';

/** The states that the window draws; each has a shape, a word and a colour, so that none stands alone. */
export type ShapedState = 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'UNASSIGNED' | 'RESTARTING';

const DASHED = <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.27" />;

/** Filled disc with triangle, ring with bars, square, diamond with mark, dashed ring. */
const SHAPES: Record<ShapedState, ReactNode> = {
  RUNNING: <path className="body" fillRule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM6.1 4.6v6.8L11.9 8z" />,
  PAUSED: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path strokeWidth="1.8" d="M6.2 5.5v5M9.8 5.5v5" />
    </>
  ),
  STOPPED: <rect className="body" x="2.3" y="2.3" width="11.4" height="11.4" rx="1.5" />,
  FAILED: (
    <path
      className="body"
      fillRule="evenodd"
      d="M8 .6 15.4 8 8 15.4.6 8zM7.05 4.2v5h1.9v-5zM8 10.2a1.05 1.05 0 1 0 0 2.1 1.05 1.05 0 0 0 0-2.1z"
    />
  ),
  UNASSIGNED: DASHED,
  RESTARTING: DASHED,
};

export function StateShape({ state, size = 12 }: { state: ShapedState; size?: 10 | 12 | 14 }) {
  return (
    <svg className="state-shape" data-state={state} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}

/** Shape and word. `children` replaces the word where more is to be said: `1 of 2 tasks FAILED`. */
export function State({ state, size = 12, children }: { state: ShapedState; size?: 10 | 12; children?: ReactNode }) {
  return (
    <span className="state" data-state={state}>
      <StateShape state={state} size={size} />
      {children ?? (state === 'RESTARTING' ? 'restarting…' : state)}
    </span>
  );
}
