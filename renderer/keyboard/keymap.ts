/** Every key of the window, once: the listener, the sheet behind `?`, tooltips and the palette read it from here. */
export interface KeymapEntry {
  chord: string;
  label: string;
  group: 'Everywhere' | 'Pipelines' | 'Live consumer';
}

export const KEYMAP = {
  palette: { chord: 'Mod+K', label: 'Search or run', group: 'Everywhere' },
  'new-tab': { chord: 'Mod+T', label: 'New tab', group: 'Everywhere' },
  'close-tab': { chord: 'Mod+W', label: 'Close tab', group: 'Everywhere' },
  'next-tab': { chord: 'Ctrl+Tab', label: 'Next tab', group: 'Everywhere' },
  'previous-tab': { chord: 'Ctrl+Shift+Tab', label: 'Previous tab', group: 'Everywhere' },
  catalog: { chord: 'Mod+2', label: 'Catalog', group: 'Everywhere' },
  pipelines: { chord: 'Mod+1', label: 'Pipelines', group: 'Everywhere' },
  'new-connector': { chord: 'Mod+N', label: 'New connector…', group: 'Everywhere' },
  'create-connector': { chord: 'Mod+Shift+Enter', label: 'Create and start what is written', group: 'Everywhere' },
  'open-file': { chord: 'Mod+O', label: 'Open a connector file…', group: 'Everywhere' },
  'consume-beginning': { chord: 'Mod+Shift+O', label: 'Consume a topic from the beginning', group: 'Everywhere' },
  'next-region': { chord: 'F6', label: 'Next region', group: 'Everywhere' },
  'previous-region': { chord: 'Shift+F6', label: 'Previous region', group: 'Everywhere' },
  undo: { chord: 'Mod+Z', label: 'Undo what the note at the lower right says', group: 'Everywhere' },
  filter: { chord: '/', label: 'Filter this list', group: 'Everywhere' },
  shortcuts: { chord: '?', label: 'Shortcuts', group: 'Everywhere' },
  'pause-connector': { chord: 'P', label: 'Pause or resume the connector', group: 'Pipelines' },
  'stop-connector': { chord: 'S', label: 'Stop the connector', group: 'Pipelines' },
  'restart-connector': { chord: 'R', label: 'Restart the connector, or what failed in it', group: 'Pipelines' },
  'restart-task': { chord: 'Shift+R', label: 'Restart the failed task', group: 'Pipelines' },
  'delete-connector': { chord: 'Delete', label: 'Delete the connector…', group: 'Pipelines' },
  pause: { chord: 'Space', label: 'Pause or go on reading', group: 'Live consumer' },
  follow: { chord: 'F', label: 'Follow the newest record', group: 'Live consumer' },
  'next-record': { chord: 'J', label: 'Next record in the list', group: 'Live consumer' },
  'previous-record': { chord: 'K', label: 'Previous record in the list', group: 'Live consumer' },
  retry: { chord: 'R', label: 'Try again after an error', group: 'Live consumer' },
  'copy-command': { chord: 'Mod+Shift+C', label: 'Copy the equivalent command', group: 'Live consumer' },
} as const satisfies Record<string, KeymapEntry>;

export type KeyedCommand = keyof typeof KEYMAP;

export function chordOf(id: string): string | undefined {
  return Object.hasOwn(KEYMAP, id) ? KEYMAP[id as KeyedCommand].chord : undefined;
}
