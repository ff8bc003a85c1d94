import { use, useMemo } from 'react';
import { Clipboard, Copy } from '../../components/copy.tsx';
import { Select } from '../../components/select.tsx';
import { Tag } from '../../components/surfaces.tsx';
import { useCommand } from '../../keyboard/commands.tsx';
import { windows } from '../../platform.ts';
import type { ConsumerSession } from './consumer-session.ts';
import { equivalentCommand } from './equivalent-command.ts';

export type Spelling = 'current' | 'older';

export interface CommandBarProps {
  session: ConsumerSession;
  bootstrapServers: string;
  partitionCount: number;
  spelling: Spelling;
  onSpelling(spelling: Spelling): void;
}

/** The same records in a terminal. */
export function CommandBar({ session, bootstrapServers, partitionCount, spelling, onSpelling }: CommandBarProps) {
  const { settings, filter, topic } = session;
  const { start, partitions, keyFormat, valueFormat } = settings;
  const { lines, notes } = useMemo(
    () =>
      equivalentCommand({
        bootstrapServers,
        topic,
        start,
        partitions: partitions ?? undefined,
        partitionCount,
        filter,
        keyFormat,
        valueFormat,
        spelling,
        ...(windows ? { script: 'kafka-console-consumer.bat' } : {}),
      }),
    [bootstrapServers, topic, start, partitions, partitionCount, filter, keyFormat, valueFormat, spelling],
  );
  const write = use(Clipboard);
  useCommand({
    id: 'copy-command',
    title: 'Copy the equivalent command',
    icon: 'copy',
    run: () => void write(lines.join('\n')),
  });
  return (
    <section className="command-bar" aria-label="Equivalent command">
      <span className="small second not-narrow">Equivalent command</span>
      <code className="one-line selectable" title={lines.join('\n')}>
        {lines[0]}
      </code>
      {lines.length > 1 && <Tag title={lines.join('\n')}>1 of {lines.length}, one for each partition</Tag>}
      {notes.map((note) => (
        <Tag key={note} tone="warn" icon="info">
          {note}
        </Tag>
      ))}
      <Select
        label="Spelling of options"
        plain
        className="not-narrow"
        value={spelling}
        onChange={onSpelling}
        shown={spelling === 'current' ? 'Kafka 4.2+' : 'older Kafka'}
        options={[
          { value: 'current', label: 'Kafka 4.2 and later', note: '--formatter-property' },
          { value: 'older', label: 'Older Kafka', note: '--property' },
        ]}
      />
      <Copy text={() => lines.join('\n')} label="Copy the equivalent command" chord="Mod+Shift+C">
        Copy
      </Copy>
    </section>
  );
}
