import { type ReactNode, useState } from 'react';
import { Icon } from '../components/icon.tsx';
import { Picker, type PickerItem } from '../components/picker.tsx';
import { StateShape } from '../components/state.tsx';
import { sentenceOf, worstOf } from '../features/pipelines/connector-state.ts';
import { counted, rate } from '../format.ts';
import type { Command } from '../keyboard/commands.tsx';
import { chordOf } from '../keyboard/keymap.ts';
import { useLive } from '../live.ts';
import { type Findable, type Found, search } from './palette-search.ts';
import { showPipelines, showTopic } from './tab-list.ts';
import { useWorkspace } from './workspace-context.ts';

interface PaletteItem extends Findable {
  id: string;
  face: ReactNode;
  detail?: string;
  chord?: string | undefined;
  mono: boolean;
  run(): void;
  runAside?: () => void;
}

export interface PaletteProps {
  /** What could be done when it opened. */
  available: readonly Command[];
  initial: string;
  onClose(): void;
}

/** Finds topics, connectors and everything that can be done. */
export function Palette({ available, initial, onClose }: PaletteProps) {
  const workspace = useWorkspace();
  const topics = useLive(workspace.topics).value ?? [];
  const connectors = useLive(workspace.connectors).value ?? [];
  const [query, setQuery] = useState(initial);

  const items: PaletteItem[] = [
    ...topics.map(
      (topic): PaletteItem => ({
        group: 'Topics',
        id: `topic ${topic.name}`,
        name: topic.name,
        detail: `${rate(topic.recordsPerSecond)} rec/s, ${counted(topic.partitions, 'partition')}`,
        face: <Icon name="topic" />,
        mono: true,
        run: () => workspace.tabs.update((tabs) => showTopic(tabs, topic.name, crypto.randomUUID())),
        runAside: () => workspace.tabs.update((tabs) => showTopic(tabs, topic.name, crypto.randomUUID(), {})),
      }),
    ),
    ...connectors.map(
      (connector): PaletteItem => ({
        group: 'Connectors',
        id: `connector ${connector.name}`,
        name: connector.name,
        detail: `${sentenceOf(connector).slice(connector.name.length + 2)}, ${counted(connector.tasks.length, 'task')}`,
        face: <StateShape state={worstOf(connector)} size={14} />,
        mono: true,
        run: () => {
          workspace.selected.set(connector.name);
          workspace.tabs.update(showPipelines);
        },
      }),
    ),
    ...commandItems(available),
  ];
  const found = search(items, query);
  const groups = [...found].map(([title, entries]) => ({ title, items: entries.map(pickerItem) }));

  return (
    <Picker
      label="Search or run"
      placeholder="Topics, connectors, commands"
      query={query}
      onQuery={setQuery}
      groups={groups}
      onClose={onClose}
      none={`Nothing here is called “${query}”.`}
      hints={
        <>
          <kbd>&gt;</kbd> commands <kbd>#</kbd> topics <kbd>@</kbd> connectors
        </>
      }
    />
  );
}

function commandItems(available: readonly Command[]): PaletteItem[] {
  const seen = new Set<string>();
  return available.flatMap((command): PaletteItem[] => {
    if (!command.title || seen.has(command.id)) return [];
    seen.add(command.id);
    return [
      {
        group: 'Commands',
        id: `command ${command.id}`,
        name: command.title,
        ...(command.detail ? { detail: command.detail } : {}),
        chord: chordOf(command.id),
        face: <Icon name={command.icon ?? 'right'} />,
        mono: false,
        run: command.run,
      },
    ];
  });
}

function pickerItem({ item, ranges }: Found<PaletteItem>): PickerItem {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(item.name.slice(at, start), <mark key={start}>{item.name.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(item.name.slice(at));
  return {
    id: item.id,
    face: item.face,
    title: item.mono ? <code>{parts}</code> : parts,
    detail: item.detail,
    chord: item.chord,
    run: item.run,
    runAside: item.runAside,
  };
}
