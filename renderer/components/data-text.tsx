import { type DataRun, dataRuns } from './data-runs.ts';
import './data-text.css';

export interface DataTextProps {
  text: string;
  ranges?: readonly (readonly [number, number])[];
  /** Line ends and tabs do their work instead of showing as signs. */
  lines?: boolean;
  className?: string;
}

/**
 * Text that came from a record. It is only ever text (React escapes it), its direction stays its own, and characters
 * without a picture are shown.
 */
export function DataText({ text, ranges, lines, className }: DataTextProps) {
  const runs = dataRuns(text, ranges, lines);
  return (
    <span className={className ? `data-text ${className}` : 'data-text'} dir="auto">
      {runs.length === 1 && runs[0]?.kind === 'text' ? text : runs.map(drawRun)}
    </span>
  );
}

function drawRun(run: DataRun, index: number) {
  if (run.kind === 'mark') {
    return <mark key={index}>{run.text}</mark>;
  }
  if (run.kind === 'sign') {
    return (
      <span key={index} className="sign" data-marked={run.marked || undefined}>
        {run.text}
      </span>
    );
  }
  return run.text;
}
