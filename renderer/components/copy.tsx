import { createContext, use, useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

/** Puts text into the system's clipboard; given by the shell. */
export const Clipboard = createContext<(text: string) => Promise<void>>(() =>
  Promise.reject(new Error('no clipboard')),
);

export interface CopyProps {
  text(): string;
  label: string;
  /** Words on the button; without them only the picture shows. */
  children?: string;
  chord?: string;
  size?: 'small';
}

/** Copies and says so on the button itself for a moment. */
export function Copy({ text, label, children, chord, size }: CopyProps) {
  const write = use(Clipboard);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1_500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = () => {
    void write(text()).then(() => setDone(true));
  };
  if (children) {
    return (
      <Button icon={done ? 'check' : 'copy'} size={size} chord={chord} onClick={copy}>
        {done ? 'Copied' : children}
      </Button>
    );
  }
  return (
    <IconButton
      icon={done ? 'check' : 'copy'}
      label={label}
      tooltip={done ? 'Copied' : label}
      size={size}
      chord={chord}
      onClick={copy}
    />
  );
}
