import { Dialog as Base } from '@base-ui/react/dialog';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ModalLayer } from '../keyboard/commands.tsx';
import { Icon } from './icon.tsx';
import { Keys } from './keys.tsx';
import './picker.css';

export interface PickerItem {
  id: string;
  face: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  chord?: string | undefined;
  run(): void;
  /** With Alt+Enter: the same in a new tab. */
  runAside?: (() => void) | undefined;
}

export interface PickerProps {
  label: string;
  placeholder: string;
  query: string;
  onQuery(query: string): void;
  groups: readonly { title: string; items: readonly PickerItem[] }[];
  hints: ReactNode;
  none: ReactNode;
  onClose(): void;
}

/** A field over a list: type, choose with arrows, Enter. */
export function Picker({ label, placeholder, query, onQuery, groups, hints, none, onClose }: PickerProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const picked = useRef(false);
  const items = groups.flatMap((group) => group.items);
  const [chosenId, setChosenId] = useState<string>();
  const at = Math.max(
    0,
    items.findIndex((item) => item.id === chosenId),
  );
  const chosen = items[at];

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at the top
  useEffect(() => setChosenId(undefined), [query]);
  useEffect(() => {
    if (chosen) document.getElementById(`${id}${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, id]);

  const pick = (item: PickerItem, aside: boolean) => {
    picked.current = true;
    onClose();
    if (aside && item.runAside) item.runAside();
    else item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / 32) - 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined && items.length > 0) {
      const target = Math.abs(step) === 1 ? (at + step + items.length) % items.length : at + step;
      setChosenId(items[Math.max(0, Math.min(items.length - 1, target))]?.id);
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) pick(chosen, event.altKey);
    else return;
    event.preventDefault();
  };

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="picker-place">
          <Base.Popup className="picker" initialFocus={input} finalFocus={() => !picked.current} aria-label={label}>
            <ModalLayer>
              <div className="picker-query">
                <Icon name="search" />
                <input
                  ref={input}
                  className="picker-input"
                  role="combobox"
                  aria-label={label}
                  aria-expanded="true"
                  aria-controls={`${id}list`}
                  aria-activedescendant={chosen ? `${id}${chosen.id}` : undefined}
                  aria-autocomplete="list"
                  placeholder={placeholder}
                  spellCheck={false}
                  autoComplete="off"
                  value={query}
                  onChange={(event) => onQuery(event.target.value)}
                  onKeyDown={onKeyDown}
                />
                <span className="picker-hints" aria-hidden="true">
                  {hints}
                </span>
              </div>
              <div className="picker-list" ref={list} id={`${id}list`} role="listbox" aria-label={label} tabIndex={-1}>
                {items.length === 0 && (
                  <div className="picker-none" role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
                    {none}
                  </div>
                )}
                {groups.map(
                  (group) =>
                    group.items.length > 0 && (
                      // biome-ignore lint/a11y/useSemanticElements: a group of options
                      <div key={group.title} role="group" aria-label={group.title}>
                        <div className="picker-group" aria-hidden="true">
                          {group.title}
                        </div>
                        {group.items.map((item) => (
                          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has the focus and takes the keys
                          <div
                            key={item.id}
                            id={`${id}${item.id}`}
                            role="option"
                            aria-selected={item === chosen}
                            className="picker-item"
                            onMouseMove={() => setChosenId(item.id)}
                            onClick={(event) => pick(item, event.altKey)}
                          >
                            {item.face}
                            <span className="picker-title">{item.title}</span>
                            {item.detail && <span className="picker-detail">{item.detail}</span>}
                            {item === chosen ? <Keys chord="Enter" /> : item.chord && <Keys chord={item.chord} />}
                          </div>
                        ))}
                      </div>
                    ),
                )}
              </div>
              <div className="picker-foot" aria-hidden="true">
                <span>
                  <Keys chord="ArrowUp" />
                  <Keys chord="ArrowDown" /> move
                </span>
                <span>
                  <Keys chord="Enter" /> open
                </span>
                <span>
                  <Keys chord="Alt+Enter" /> open in a new tab
                </span>
                <span>
                  <Keys chord="Escape" /> close
                </span>
              </div>
            </ModalLayer>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
