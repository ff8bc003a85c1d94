import { type ReactNode, useEffect, useState } from 'react';
import { KafkaException } from '../../common/errors.ts';
import { Icon, type IconName } from './icon.tsx';
import './surfaces.css';

export function Tag({
  tone,
  icon,
  title,
  children,
}: {
  tone?: 'accent' | 'warn' | 'bad';
  icon?: IconName;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className="tag" data-tone={tone} title={title}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

export interface ProblemProps {
  /** What was tried, as the beginning of the sentence: `Can't pause tweets-demo`. */
  what?: string;
  error: unknown;
  /** Across a region, under its head. */
  strip?: boolean;
  /** What can be done, as buttons. */
  children?: ReactNode;
}

/** An error beside its cause: plain words, what to do, and the original class and code to search for. */
export function Problem({ what, error, strip, children }: ProblemProps) {
  const known = error instanceof KafkaException ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className="problem" role="alert" data-strip={strip || undefined}>
      <Icon name="error" />
      <div className="selectable">
        <strong>{what ? `${what}: ${message}` : message}</strong>
        {known?.hint && <span>{known.hint}</span>}
        {known && known.code !== 'UNKNOWN' && (
          <code>
            {known.javaClass.split('.').at(-1)} · {known.code}
            {known.key === undefined ? '' : ` · ${known.key}`}
          </code>
        )}
      </div>
      {children && <div className="problem-actions">{children}</div>}
    </div>
  );
}

/** A sentence that someone should know, short of an error. */
export function Notice({ children, actions, strip }: { children: ReactNode; actions?: ReactNode; strip?: boolean }) {
  return (
    <div className="problem" data-tone="warn" data-strip={strip || undefined} role="status">
      <Icon name="warning" />
      <div>{children}</div>
      {actions && <div className="problem-actions">{actions}</div>}
    </div>
  );
}

/** What will appear here, and one action that makes it. */
export function Empty({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Nothing under 150 ms, then a line over the region, after two seconds the words with a way out. */
export function Waiting({ what, children }: { what: ReactNode; children?: ReactNode }) {
  const [stage, setStage] = useState<'quiet' | 'line' | 'words'>('quiet');
  useEffect(() => {
    const line = setTimeout(() => setStage('line'), 150);
    const words = setTimeout(() => setStage('words'), 2_000);
    return () => {
      clearTimeout(line);
      clearTimeout(words);
    };
  }, []);
  if (stage === 'quiet') return null;
  return (
    <>
      <div className="progress" />
      {stage === 'words' && (
        <div className="waiting" role="status">
          {what}
          {children}
        </div>
      )}
    </>
  );
}
